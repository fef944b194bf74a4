/* What was observed of a host, of a program and of its children while a load test ran. probes/watch
 * fills it, certify.c judges it. Unknown numbers are NAN. */
#ifndef HEADROOM_MODEL_WATCH_OBSERVATION_H
#define HEADROOM_MODEL_WATCH_OBSERVATION_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/unit.h"

enum observed {
	/* Sockets of the command (without a command: all sockets), opened from here or accepted here,
	 * where the local port is a listener's. Includes those that are not certainly the command's. */
	O_LIVE,
	O_TIME_WAIT,
	O_CONNECTING,
	O_ACCEPTED,
	O_ACCEPTED_TIME_WAIT,
	O_CLOSING,
	/* Sockets counted above although they are not certainly the command's; then the connections of
	 * others. */
	O_UNSURE,
	O_OTHERS_LIVE,
	O_TIME_WAIT_ALL, /* in the whole network namespace */
	/* The local address and destination of the command with the most ports in use, and the
	 * command's part of them. Ports in TIME_WAIT that a new connection may take over do not
	 * count. */
	O_PORTS_USED,
	O_PORTS_OWN,
	O_BUSIEST_LIVE,
	O_BUSIEST_TIME_WAIT,
	/* The same for that local address and all its destinations. */
	O_SOURCE_PORTS,
	O_SOURCE_OWN,
	/* The listener with the fullest accept queue. */
	O_QUEUE,
	O_QUEUE_LIMIT,
	/* Numbers of the whole host. */
	O_CONNTRACK,
	O_FILES,
	O_ORPHANS,
	O_TCP_PAGES,
	O_NEIGHBOURS,
	O_THREADS,
	O_MEMORY_AVAILABLE,
	/* The program and its children; FDS_MOST and FDS_LIMIT are of the process closest to its soft
	 * limit of open files. */
	O_PROCESSES,
	O_OWN_THREADS,
	O_FDS,
	O_FDS_MOST,
	O_FDS_LIMIT,
	O_RESIDENT,
	/* Counters, which only grow, from here on. */
	O_CPU_S,
	O_THREAD_CPU_S,
	O_CPU_WAIT_S,    /* of the thread that waited longest for a processor, from look to look */
	O_CPU_UNSEEN_S,  /* processor time of threads that no look showed */
	O_THROTTLED_S,   /* time that the quota of its control group stopped it */
	O_OTHERS_OPENED, /* connections of other programs that were observed */
	O_OPENS,
	O_ACCEPTS,
	O_ATTEMPT_FAILS,
	O_RESETS,
	O_RETRANSMITS,
	O_SYN_RETRANSMITS,
	O_TIMEOUTS,
	O_LISTEN_OVERFLOWS,
	O_LISTEN_DROPS,
	O_TIME_WAIT_ENDED,
	O_TIME_WAIT_REUSED,
	O_TIME_WAIT_OVERFLOW,
	O_ABORT_ON_MEMORY,
	O_SOFTNET_DROPPED,
	O_CONNTRACK_DROP,
	O_CONNTRACK_INSERT_FAILED,
	OBSERVED
};

#define O_COUNTERS O_CPU_S

struct observed_row {
	const char *name;  /* in JSON and metrics */
	const char *title; /* for people */
	enum unit unit;
	const char *path, *section,
			*counter; /* where the kernel keeps it, if it is one number of a table; else NULL */
};

extern const struct observed_row observed_rows[OBSERVED];

/* Returns the observation with this name, or OBSERVED if there is none. */
enum observed observed_find(const char *name);
/* Returns all names, NULL-terminated. */
const char *const *observed_names(void);

static inline bool observed_counts(enum observed what)
{
	return what >= O_COUNTERS;
}

/* Returns true if the value comes from counting sockets. */
static inline bool observed_of_sockets(enum observed what)
{
	return what <= O_QUEUE_LIMIT;
}

/* Returns the unit of what observed_value returns. */
enum unit observed_unit(enum observed what);

/* One sample. */
struct observation {
	double t_s;
	double values[OBSERVED];
};

/* Returns the value of a gauge at `now`, or the growth of a counter per second since `before`
 * (NULL: no earlier sample). NAN: not known. */
double observed_value(enum observed what,
		const struct observation *before,
		const struct observation *now);

/* Samples in order of time. When there are OBSERVATIONS_MAX, neighbors are merged: the higher value
 * of a gauge and the later value of a counter stay, so no peak is lost. */
enum {
	OBSERVATIONS_MAX = 512
};
struct observations {
	struct observation *items;
	size_t count;
	unsigned every;   /* samples per item */
	unsigned pending; /* samples already in the last item */
	size_t samples;   /* samples added in total */
	/* Parts of the last sample that a later sample may assign to other programs. */
	struct unsettled {
		double live, unsure, others;
		double beside; /* the highest value among the samples merged with it; NAN: none */
	} last;
};

void observations_init(struct arena *arena, struct observations *ret_observations);
void observations_add(struct observations *observations, const struct observation *sample);

/* Returns the highest value and when it was; NAN if no value is known. `ret_at_s` may be NULL. */
double observations_peak(const struct observations *observations,
		enum observed what,
		double *ret_at_s);
/* Returns the growth of a counter from the first sample to the last. */
double observations_growth(const struct observations *observations, enum observed what);

#endif
