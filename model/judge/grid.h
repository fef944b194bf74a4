/* The moments of a plan between which what its formulas follow is at most a parabola, and the
 * values of its series there. Found once for all limits that look back over the same seconds. */
#ifndef HEADROOM_MODEL_JUDGE_GRID_H
#define HEADROOM_MODEL_JUDGE_GRID_H

#include "model/judge/judge.h"

/* Ascending. At each moment, and half-way to the next. */
struct grid {
	const struct moment *moments;
	size_t count; /* at least 1 */
	bool curved;  /* use may turn between two moments */
	struct columns *columns;
};

/* The grid of this judge, whose formulas say how many seconds back they look. */
const struct grid *grid_of(struct judge *judge, double scale);

/* Use at each moment (ret_at) and half-way to the next (ret_half) at this scale, where demand is a
 * sum of series of which none has its most; else false. Both have room for grid->count. */
bool grid_use(struct judge *judge,
		const struct grid *grid,
		double scale,
		double *ret_at,
		double *ret_half);

#endif
