/* The plan over time as formulas see it: live, opens, closes, and the same for a proxy's upstream
 * side. */
#ifndef HEADROOM_MODEL_JUDGE_SERIES_H
#define HEADROOM_MODEL_JUDGE_SERIES_H

#include "model/situation.h"

struct plan_series {
	const struct timeline *timeline;
	enum timeline_series kind;
	enum unit unit;
	double factor; /* the part that counts: of the closes, those that this side starts */
	bool kept; /* counts closes only as far as the kernel keeps their TIME_WAIT: at most `most` at
	              once */
	double most;
	struct timeline_cursor cursor;
};

/* Gives the unit of the series of this name; false if there is no such series. */
bool series_unit(const char *name, enum unit *ret_unit);
/* Gives the series with this name, with `most` INFINITY; returns false if there is none. */
bool series_named(const struct load *load, const char *name, struct plan_series *ret_series);

/* series_at returns the value at a moment; series_last returns how much happened in the last
 * `seconds` before it (timeline.h). Both move the cursor: calls in order of time are fast. */
double series_at(struct plan_series *series, double scale, struct moment moment);
double series_last(struct plan_series *series, double scale, struct moment moment, double seconds);
/* Like series_last, but without the ceiling of `most`. */
double series_all(struct plan_series *series, double scale, struct moment moment, double seconds);

#endif
