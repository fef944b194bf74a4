/* The limits that can be watched while something runs: what is used of each, and how much there is.
 */
#ifndef HEADROOM_MODEL_WATCH_WATCHED_H
#define HEADROOM_MODEL_WATCH_WATCHED_H

#include "model/fact.h"
#include "model/result.h"
#include "model/watch/observation.h"

enum watched {
	WATCH_PORTS,
	WATCH_PROCESS_FDS,
	WATCH_SYSTEM_FDS,
	WATCH_CONNTRACK,
	WATCH_ACCEPT_QUEUE,
	WATCH_TIME_WAIT,
	WATCH_TCP_MEMORY,
	WATCH_ORPHANS,
	WATCH_NEIGHBOURS,
	WATCH_THREADS,
	WATCH_CPU,
	WATCH_THREAD_CPU,
	WATCHED
};

struct watched_row {
	const char *id; /* that of the limit, where there is one */
	const char *title;
	const char *unit;      /* "ports" */
	bool fails;            /* connections are lost when it is full */
	enum observed counter; /* counts what was lost to it; OBSERVED: nothing does */
};

extern const struct watched_row watched_rows[WATCHED];

/* What does not change while it is watched. NAN: unknown; INFINITY: no limit. */
struct watched_room {
	double of[WATCHED];
	bool all_destinations; /* one set of ports for all: the program binds before it connects */
	int reuse;             /* of TIME_WAIT: 0 no, 1 yes, 2 over loopback only */
};

/* From derived facts. */
struct watched_room watched_room_of(const struct facts *facts, double cores);
/* The same, with what the judged plan says of the ports. */
void watched_room_of_plan(struct watched_room *room, const struct result *plan);

/* The part used of a limit at `now` (`before`: the sample before, for rates; NULL: there is none).
 * NAN: unknown. */
struct watched_use {
	double used, capacity, ratio;
};
struct watched_use watched_use(enum watched what,
		const struct watched_room *room,
		const struct observation *before,
		const struct observation *now);

#endif
