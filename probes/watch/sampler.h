/* Samples this host while a load test runs: sockets, counters, and one process tree. A sample takes
 * well under a millisecond on an idle host. If there are many sockets, they are counted less often,
 * so that counting uses at most a hundredth of a processor. */
#ifndef HEADROOM_PROBES_WATCH_SAMPLER_H
#define HEADROOM_PROBES_WATCH_SAMPLER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"
#include "model/watch/observation.h"
#include "probes/watch/sampler_options.h"

struct sampler;

/* Watches the caller's current network namespace. The arena must outlive the sampler. NULL with
 * err. */
struct sampler *sampler_open(struct arena *arena,
		const struct sampler_options *options,
		struct error *err);
void sampler_close(struct sampler *sampler);

/* Takes one sample. Never fails: values that cannot be read are NAN. all: count the sockets even if
 * that was expensive. */
void sampler_read(struct sampler *sampler, bool all, struct observation *ret_sample);

/* Sets t_s to 0; sockets that exist now do not count as the command's. */
void sampler_start(struct sampler *sampler);

/* Returns the PID of the tree's fullest process if it is in another network namespace, else 0. */
int sampler_elsewhere(const struct sampler *sampler);
/* Moves to the namespace of that process and starts again there. */
enum sampler_move {
	MOVE_DONE,
	MOVE_DENIED, /* not permitted */
	MOVE_GONE    /* the process has ended; another one may be used */
};
enum sampler_move sampler_move(struct sampler *sampler, int pid);

/* Returns the name of a program in the tree that runs others on another host or in a container,
 * such as ssh or kubectl; "" if there was none. */
const char *sampler_runs_elsewhere(const struct sampler *sampler);

/* Gives the destinations with the most sockets so far and returns their number, at most
 * SAMPLER_DESTINATIONS. */
size_t sampler_destinations(const struct sampler *sampler,
		const struct seen_destination **ret_seen);
/* The same for the last count, in the arena. */
size_t sampler_now(const struct sampler *sampler,
		struct arena *arena,
		const struct seen_destination **ret_seen);

/* Returns the sockets in this state (as in tcp_state_names) in the last count; NAN: not known. */
double sampler_state(const struct sampler *sampler, int state);

double sampler_seconds(const struct sampler *sampler); /* since sampler_start() */
double sampler_cpu_s(const struct sampler *sampler);   /* of this process, likewise */

#endif
