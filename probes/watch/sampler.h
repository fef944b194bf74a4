/* Samples of this host while a load test runs: sockets, counters, and one process tree. A sample
 * costs well under a millisecond on an idle host; with many sockets they are counted less often, so
 * that counting them never takes more than a hundredth of a processor. */
#ifndef HEADROOM_PROBES_WATCH_SAMPLER_H
#define HEADROOM_PROBES_WATCH_SAMPLER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"
#include "model/watch/observation.h"

struct sampler;

struct sampler_options {
	int root;           /* the process whose tree is watched; 0: none */
	bool with_root;     /* itself as well, not only its descendants */
	bool own_listeners; /* accept queues of the tree's listeners, where it has any */
	int reuse;          /* TIME_WAIT can be taken over: 0 no, 1 yes, 2 over loopback only */
	unsigned low,
			high; /* the ephemeral range; 0, 0: every local port counts for the destinations */
	bool by_size; /* kernel.version >= 6002: /proc/PID/fd says how many files by its size */
};

enum {
	SAMPLER_DESTINATIONS = 16
};

/* What was seen of one destination. */
struct seen_destination {
	const char *to;
	double live, time_wait; /* the most at one time */
	double at_s;
};

/* The network namespace is the caller's at this moment. The arena must outlive it. */
struct sampler *sampler_open(struct arena *arena,
		const struct sampler_options *options,
		struct error *err);
void sampler_close(struct sampler *sampler);

/* One sample. Never fails: what cannot be read is NAN. all: count the sockets even if that was
 * dear. */
void sampler_read(struct sampler *sampler, bool all, struct observation *ret_sample);

/* From now on t_s is 0, and sockets that are there do not count as the command's. */
void sampler_start(struct sampler *sampler);

/* The network namespace that the tree's fullest process is in, if it is another than this one: the
 * pid, else 0. */
int sampler_elsewhere(const struct sampler *sampler);
/* Goes to that process's namespace and starts anew there. false: not permitted. */
bool sampler_move(struct sampler *sampler, int pid);

/* The destinations with the most sockets so far, at most SAMPLER_DESTINATIONS. */
size_t sampler_destinations(const struct sampler *sampler,
		const struct seen_destination **ret_seen);
/* Those of the last count, in the arena. */
size_t sampler_now(const struct sampler *sampler,
		struct arena *arena,
		const struct seen_destination **ret_seen);

/* Sockets by state in the last count, by the names of tcp_state_names; NAN where it is not known.
 */
double sampler_state(const struct sampler *sampler, int state);

double sampler_seconds(const struct sampler *sampler); /* since sampler_start() */
double sampler_cpu_s(const struct sampler *sampler); /* this process's own, since sampler_start() */

#endif
