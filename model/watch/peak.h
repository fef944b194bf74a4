/* The highest use of a limit during a run. */
#ifndef HEADROOM_MODEL_WATCH_PEAK_H
#define HEADROOM_MODEL_WATCH_PEAK_H

#include "model/watch/watched.h"

struct watched_peak {
	struct watched_use use;
	double at_s, live; /* when the peak was, and the connections at that time */
	bool reached;
	bool held_back; /* reached, and connections were lost because of it */
};

/* Finds the peak in the samples, the first of which must be from before the start. `live` is the
 * observation that counts connections. The caller sets held_back. */
void peak_find(const struct observations *seen,
		const struct watched_limit *limit,
		enum observed live,
		struct watched_peak *ret_peak);

/* Returns the utilization from which on a limit counts as reached. */
double peak_full_at(const struct watched_limit *limit);

/* Returns true if the use between these two samples is meaningful: processor time needs an
 * interval. `before` NULL: there is no earlier sample. */
bool peak_counts(const struct watched_limit *limit,
		const struct observation *before,
		const struct observation *now);

#endif
