/* How the use of a limit changes from count to count, and when it will reach its capacity. Gives no
 * forecast from a single moment, or for use that goes up and down. */
#ifndef HEADROOM_MODEL_WATCH_TREND_H
#define HEADROOM_MODEL_WATCH_TREND_H

#include <stddef.h>

enum {
	TREND_COUNTS = 16
};

struct trend_count {
	double t_s, used;
};

/* The last counts, at least a second apart from each other. {0} has none. */
struct trend {
	struct trend_count counts[TREND_COUNTS];
	size_t count;
};

/* Adds a count. An unknown count (NAN) starts the trend again. */
void trend_add(struct trend *trend, double t_s, double used);

/* The change per second over all counts; NAN: there are not two. */
double trend_rate(const struct trend *trend);

/* Seconds until `level` is reached, for a limit of `capacity`. NAN where it is there already, and
 * where the counts do not show that it fills up: over 10 s at least, in each third of them, and by
 * more than what comes and goes. */
double trend_left_s(const struct trend *trend, double level, double capacity);

#endif
