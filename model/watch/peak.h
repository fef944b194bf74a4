/* The highest use of a limit during a run. */
#ifndef HEADROOM_MODEL_WATCH_PEAK_H
#define HEADROOM_MODEL_WATCH_PEAK_H

#include "model/watch/watched.h"

struct watched_peak {
	struct watched_use use;
	double at_s, live; /* when, and how many connections there were then */
	bool reached;
	bool held_back; /* reached, and connections were lost by it */
};

/* Finds the peak in samples, the first of which was taken before the start. `live` counts the
 * connections. The caller says whether the limit held the run back. */
void peak_find(const struct observations *seen,
		const struct watched_limit *limit,
		enum observed live,
		struct watched_peak *ret_peak);

/* The use from which on a limit counts as reached. */
double peak_full_at(const struct watched_limit *limit);

/* Whether the use between these two samples says something: processor time does so over an interval
 * only. `before` NULL: there is no earlier sample. */
bool peak_counts(const struct watched_limit *limit,
		const struct observation *before,
		const struct observation *now);

#endif
