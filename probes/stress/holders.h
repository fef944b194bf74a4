/* Keeps more descriptors open than one table may have: uses threads, each with a separate
 * descriptor table (unshare(CLONE_FILES)), so that a hard RLIMIT_NOFILE bounds each and not their
 * sum. A few threads work at a time, the rest wait. Everything is closed when the worker ends. */
#ifndef HEADROOM_PROBES_STRESS_HOLDERS_H
#define HEADROOM_PROBES_STRESS_HOLDERS_H

#include <stddef.h>

#include "probes/stress/worker.h"

/* Does job `index` in a holder's thread. Returns a descriptor to keep, or one of these: */
enum {
	HOLDER_NOTHING = -1, /* nothing to keep, continue */
	HOLDER_FULL = -2,    /* EMFILE: repeat this job in another table */
	HOLDER_STOP = -3
}; /* stop filling; errno says why */
typedef int holder_fn(void *context, size_t index);

struct holders;

/* `most`: most threads. lanes: how many work at a time; 0: one per processor, up to 4. */
struct holders *holders_new(struct worker *worker, size_t most, unsigned lanes);

/* Does the jobs 0 … count - 1, in no fixed order if there are several lanes. `total` is for the
 * progress report. Returns 0, ECANCELED (the worker was asked to stop), EAGAIN (no further thread),
 * or the errno of HOLDER_STOP. */
int holders_fill(struct holders *holders,
		size_t count,
		holder_fn *job,
		void *context,
		double total);
/* Adds descriptors that the caller keeps elsewhere to the count. */
void holders_count(struct holders *holders, size_t more);

/* Restarts counting at zero, because descriptors already open are not part of the result. */
void holders_reset(struct holders *holders);

size_t holders_held(const struct holders *holders);
size_t holders_threads(const struct holders *holders);
/* Reports samples, deciles and the rate of all filling so far. Pauses between fills do not
 * count. */
void holders_report(const struct holders *holders);

/* Returns how many descriptors a table may have here, up to `want`, after raising the soft limit as
 * far as possible. */
size_t holders_room(size_t want);

#endif
