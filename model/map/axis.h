/* The steps of one axis of the capacity map. */
#ifndef HEADROOM_MODEL_MAP_AXIS_H
#define HEADROOM_MODEL_MAP_AXIS_H

#include <stdbool.h>
#include <stddef.h>

/* The values that the axis has to show. NAN or 0: nothing to show. */
struct axis_span {
	double plan;         /* is one of the steps */
	double now, after;   /* where loads begin to fail */
	double least, usual; /* the first step at least; where the axis ends if nothing else is known */
};

/* Round steps (1, 2, 5 or fewer to a decade) around all of them, rising. Returns their number, at
 * most `most`; *ret_plan is the place of the plan's own, that number if it has none. */
size_t axis_steps(const struct axis_span *span, size_t most, double *steps, size_t *ret_plan);

#endif
