/* One limit over the plan's time: the moment of its highest use, the scale and the second at which
 * use passes a bound. */
#ifndef HEADROOM_MODEL_CROSSING_H
#define HEADROOM_MODEL_CROSSING_H

#include "model/judge/judge.h"

/* The moments between which use only rises or only falls, ascending, and the use at each, at scale
 * 1. */
struct course {
	struct judge *judge;
	struct moment *moments;
	double *use;
	size_t count;
};

/* The course of this judge, which must outlive it. */
const struct course *course_of(struct judge *judge);

/* The moment of the highest use; of several the steady state, else the first. */
struct moment course_peak(const struct course *course);

/* First scale at which use passes `bound`; INFINITY: never. */
double course_scale(const struct course *course, double bound);

/* First second at which use passes `bound` at scale 1; NAN: never in this plan. */
double course_second(const struct course *course, double bound);

#endif
