/* One limit over the plan's time: when its use is highest, and at which scale and second its use
 * exceeds a bound. */
#ifndef HEADROOM_MODEL_CROSSING_H
#define HEADROOM_MODEL_CROSSING_H

#include "model/judge/judge.h"

/* The moments between which use only rises or only falls, in order of time, and the use at each of
 * them at scale 1. */
struct course {
	struct judge *judge;
	struct moment *moments;
	double *use;
	size_t count;
};

/* Returns the course of this judge, computed once. The judge must outlive it. */
const struct course *course_of(struct judge *judge);

/* Returns the moment of the highest use. If several are equally high: the steady state, else the
 * first. */
struct moment course_peak(const struct course *course);

/* Returns the lowest scale at which use exceeds `bound`, or INFINITY if it never does. */
double course_scale(const struct course *course, double bound);

/* Returns the first second at which use exceeds `bound` at scale 1, or NAN if it never does. */
double course_second(const struct course *course, double bound);

#endif
