/* Keeps more descriptors open than one table may have: threads, each with a separate descriptor
 * table (unshare(CLONE_FILES)), so that a hard RLIMIT_NOFILE bounds each of them and not their sum.
 * A few work at a time, the rest wait. Everything is closed when the worker ends. */
#ifndef HEADROOM_PROBES_STRESS_HOLDERS_H
#define HEADROOM_PROBES_STRESS_HOLDERS_H

#include <stddef.h>

#include "probes/stress/worker.h"

/* Does job `index` in a holder's thread and returns a descriptor to keep, or: */
enum {
	HOLDER_NOTHING = -1, /* nothing to keep, go on */
	HOLDER_FULL = -2,    /* EMFILE: this job is done again in another table */
	HOLDER_STOP = -3
}; /* end the filling; errno says why */
typedef int holder_fn(void *context, size_t index);

struct holders;

/* `most`: threads at most; lanes: how many work at a time, 0: as many as processors, up to 4. */
struct holders *holders_new(struct worker *worker, size_t most, unsigned lanes);

/* Does the jobs 0 … count - 1, in no fixed order when there are several lanes. 0; or ECANCELED (the
 * worker was asked to stop), EAGAIN (no further thread), or the errno of HOLDER_STOP. `total`: for
 * progress. */
int holders_fill(struct holders *holders,
		size_t count,
		holder_fn *job,
		void *context,
		double total);
/* Counts descriptors that the caller keeps elsewhere as held. */
void holders_count(struct holders *holders, size_t more);

/* Starts counting at zero: descriptors that are already open are not part of the result. */
void holders_reset(struct holders *holders);

size_t holders_held(const struct holders *holders);
size_t holders_threads(const struct holders *holders);
/* Reports samples, deciles and rate of all filling so far; pauses between fills do not count for
 * the rates. */
void holders_report(const struct holders *holders);

/* How many descriptors a table may have here, up to `want`. Raises the soft limit as far as
 * possible first. */
size_t holders_room(size_t want);

#endif
