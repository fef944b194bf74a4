/* Chooses the steps of one axis of the capacity map. */
#ifndef HEADROOM_MODEL_MAP_AXIS_H
#define HEADROOM_MODEL_MAP_AXIS_H

#include <stdbool.h>
#include <stddef.h>

/* The values that the axis must show; NAN or 0: none. */
struct axis_span {
	double plan;         /* the plan's value, which becomes one of the steps */
	double now, after;   /* where loads begin to fail, today and after the changes */
	double least, usual; /* the lowest possible first step, and the end of the axis if nothing else
	                        is known */
};

/* Chooses round steps around all these values, in rising order, with 1, 2, 5 or fewer per decade.
 * Returns their number, at most `most`. *ret_plan is the index of the plan's step, or that number
 * if there is no plan. */
size_t axis_steps(const struct axis_span *span, size_t most, double *steps, size_t *ret_plan);

#endif
