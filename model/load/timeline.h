/* The plan over time: live connections, openings and closings as functions of t, exact for
 * piecewise linear stages. Built at scale 1; everything is linear in the scale. */
#ifndef HEADROOM_MODEL_LOAD_TIMELINE_H
#define HEADROOM_MODEL_LOAD_TIMELINE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "model/load/workload.h"

enum timeline_series {
	SERIES_LIVE,
	SERIES_OPENS,
	SERIES_CLOSES,
	TIMELINE_SERIES
};

struct timeline_point {
	double t;
	double value[TIMELINE_SERIES]; /* live; opens and closes per second */
	double total[TIMELINE_SERIES]; /* opened and closed since the start (SERIES_LIVE unused) */
};

struct timeline {
	struct timeline_point *points; /* ascending t; two points at one t are a jump */
	size_t count;
	double end_s; /* end of the plan; INFINITY: it goes on as at the last point */
	bool staged;
};

/* `workload` must be completed. upstream: the other side of a proxy. */
struct timeline timeline_build(struct arena *arena, const struct workload *workload, bool upstream);

/* Values at t (0 <= t; beyond the last point: as at it; INFINITY: the steady state). */
double timeline_at(const struct timeline *timeline, enum timeline_series series, double t);

/* How many opened or closed in (t - seconds, t]. *ret_steady: it equals the rate at t × seconds. */
double timeline_last(const struct timeline *timeline,
		enum timeline_series series,
		double t,
		double seconds,
		bool *ret_steady);

#endif
