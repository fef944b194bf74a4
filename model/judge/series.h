/* The plan over time as formulas see it: live, opens, closes, and those of a proxy's other side. */
#ifndef HEADROOM_MODEL_JUDGE_SERIES_H
#define HEADROOM_MODEL_JUDGE_SERIES_H

#include "model/situation.h"

struct plan_series {
	const struct timeline *timeline;
	enum timeline_series kind;
	enum unit unit;
	double factor; /* the part of it that is meant: of the closes, those of this side */
	bool kept;     /* … and those that the kernel keeps: at most `most` at once */
	double most;
	struct timeline_cursor cursor;
};

/* Gives the unit of the series of this name; false if there is no such series. */
bool series_unit(const char *name, enum unit *ret_unit);
/* false: there is no series of this name. `most` is INFINITY. */
bool series_named(const struct load *load, const char *name, struct plan_series *ret_series);

/* Its value at a moment, and how much of it happened in the last seconds (timeline.h). The cursor
 * moves: asking in order of time is fast. */
double series_at(struct plan_series *series, double scale, struct moment moment);
double series_last(struct plan_series *series, double scale, struct moment moment, double seconds);
/* The same without regard to `most`. */
double series_all(struct plan_series *series, double scale, struct moment moment, double seconds);

#endif
