/* Moments of a plan, chosen so that everything its formulas depend on is at most a parabola between
 * two of them, and the values of its series there. Limits that look back over the same number of
 * seconds share one grid. */
#ifndef HEADROOM_MODEL_JUDGE_GRID_H
#define HEADROOM_MODEL_JUDGE_GRID_H

#include "model/judge/judge.h"

/* The moments are in order of time. The columns have values at each moment and halfway to the
 * next. */
struct grid {
	const struct moment *moments;
	size_t count; /* at least 1 */
	bool curved;  /* use may turn from rising to falling between two moments, or back */
	struct columns *columns;
};

/* Returns the grid for this judge's formulas, which say how many seconds they look back. */
const struct grid *grid_of(struct judge *judge, double scale);

/* Computes the use at each moment (ret_at) and halfway to the next (ret_half); both need room for
 * grid->count numbers. Returns false if the demand is not a sum of series, or if a series reaches
 * its ceiling. */
bool grid_use(struct judge *judge,
		const struct grid *grid,
		double scale,
		double *ret_at,
		double *ret_half);

#endif
