/* What was seen of a host, and of one program and its children, while a load test ran. Filled by
 * probes/watch, judged by certify.c. Unknown numbers are NAN. */
#ifndef HEADROOM_MODEL_WATCH_OBSERVATION_H
#define HEADROOM_MODEL_WATCH_OBSERVATION_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/unit.h"

enum observed {
	/* The command's sockets (without a command: all): opened from here; accepted here (the local
	 * port is a listener's). What is not known for sure to be its own is in it. */
	O_LIVE,
	O_TIME_WAIT,
	O_CONNECTING,
	O_ACCEPTED,
	O_ACCEPTED_TIME_WAIT,
	O_CLOSING,
	/* Sockets that are counted as the command's and are not known for sure to be; connections of
	 * others. */
	O_UNSURE,
	O_OTHERS_LIVE,
	O_TIME_WAIT_ALL, /* of the whole network namespace */
	/* The command's local address and destination with the most ports in use, and the command's
	 * part of them; TIME_WAIT that a new connection may take over is not. */
	O_PORTS_USED,
	O_PORTS_OWN,
	O_BUSIEST_LIVE,
	O_BUSIEST_TIME_WAIT,
	/* The same of that local address with all its destinations. */
	O_SOURCE_PORTS,
	O_SOURCE_OWN,
	/* The listener whose accept queue is fullest. */
	O_QUEUE,
	O_QUEUE_LIMIT,
	/* The host. */
	O_CONNTRACK,
	O_FILES,
	O_ORPHANS,
	O_TCP_PAGES,
	O_NEIGHBOURS,
	O_THREADS,
	O_MEMORY_AVAILABLE,
	/* The program and its children; the one of them that is nearest to its soft limit of open
	 * files. */
	O_PROCESSES,
	O_OWN_THREADS,
	O_FDS,
	O_FDS_MOST,
	O_FDS_LIMIT,
	O_RESIDENT,
	/* From here on counters: they only grow. */
	O_CPU_S,
	O_THREAD_CPU_S,
	O_CPU_WAIT_S,    /* its thread that waited longest for a processor, from look to look */
	O_CPU_UNSEEN_S,  /* processor time of threads that no look showed */
	O_THROTTLED_S,   /* by the quota of a control group that it is in */
	O_OTHERS_OPENED, /* connections of others that were seen */
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
	const char *name;  /* in JSON and in the metric's name */
	const char *title; /* for people */
	enum unit unit;
	const char *path, *section,
			*counter; /* where it is, if it is one number of a table; else NULL */
};

extern const struct observed_row observed_rows[OBSERVED];

/* The observation of this name, or OBSERVED if there is no such observation. */
enum observed observed_find(const char *name);
/* All names, NULL-terminated. */
const char *const *observed_names(void);

static inline bool observed_counts(enum observed what)
{
	return what >= O_COUNTERS;
}

/* Does counting the sockets give it? */
static inline bool observed_of_sockets(enum observed what)
{
	return what <= O_QUEUE_LIMIT;
}

/* The unit of what observed_value gives. */
enum unit observed_unit(enum observed what);

/* One sample. */
struct observation {
	double t_s;
	double values[OBSERVED];
};

/* What was seen at `now`: the value of a gauge, or the growth per second of a counter since
 * `before` (NULL: there is no earlier sample). NAN: not known. */
double observed_value(enum observed what,
		const struct observation *before,
		const struct observation *now);

/* Samples in order of time. Once there are OBSERVATIONS_MAX, neighbors become one: of a gauge the
 * higher is kept, of a counter the later, so that peaks stay. */
enum {
	OBSERVATIONS_MAX = 512
};
struct observations {
	struct observation *items;
	size_t count;
	unsigned every;   /* this many samples are one item */
	unsigned pending; /* already in the last item */
	size_t samples;   /* added in all */
	/* Parts of the last sample that a later one may show to belong to others. */
	struct unsettled {
		double live, unsure, others;
		double beside; /* the highest of the samples that it is one item with; NAN: none */
	} last;
};

void observations_init(struct arena *arena, struct observations *ret_observations);
void observations_add(struct observations *observations, const struct observation *sample);

/* The highest value and when; NAN if none is known. `ret_at_s` may be NULL. */
double observations_peak(const struct observations *observations,
		enum observed what,
		double *ret_at_s);
/* Growth of a counter from the first sample to the last. */
double observations_growth(const struct observations *observations, enum observed what);

#endif
