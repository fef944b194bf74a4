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
#include "probes/watch/sampler_options.h"

struct sampler;

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
/* Goes to that process's namespace and starts anew there. */
enum sampler_move {
	MOVE_DONE,
	MOVE_DENIED, /* not permitted */
	MOVE_GONE    /* the process has ended: another may show the way */
};
enum sampler_move sampler_move(struct sampler *sampler, int pid);

/* A program of the tree that runs others on another host or in a container, such as ssh or kubectl;
 * "": none was seen. */
const char *sampler_runs_elsewhere(const struct sampler *sampler);

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
