/* How the use of a limit changes over time, and when it will reach its capacity. Gives no forecast
 * from a single moment, or for use that goes up and down. */
#ifndef HEADROOM_MODEL_WATCH_TREND_H
#define HEADROOM_MODEL_WATCH_TREND_H

#include <stddef.h>

enum {
	TREND_COUNTS = 16
};

struct trend_count {
	double t_s, used;
};

/* The latest counts, at least a second apart. {0} has none. */
struct trend {
	struct trend_count counts[TREND_COUNTS];
	size_t count;
};

/* Adds a count. An unknown count (NAN) restarts the trend. */
void trend_add(struct trend *trend, double t_s, double used);

/* Returns the change per second over all counts; NAN: fewer than two counts. */
double trend_rate(const struct trend *trend);

/* Returns the seconds until `level` is reached, for a limit of `capacity`. NAN if it is reached
 * already, or if the counts do not show steady growth: for at least 10 s, in each third of that
 * time, and by more than normal fluctuation. */
double trend_left_s(const struct trend *trend, double level, double capacity);

#endif
