/* Round numbers around what an axis has to show. */
#include "model/map/axis.h"

#include <math.h>

#include "base/array.h"

/* How many steps a decade may have: the most that the axis has room for. */
static const double steps_of[][7] = {
		{1, 1.5, 2, 3, 5, 7, 0},
		{1, 2, 3, 5, 0},
		{1, 2, 5, 0},
		{1, 3, 0},
		{1, 0},
};

/* A step that is nearly the plan's own is left out. */
static const double too_near = 1.3;

static bool axis_has(double value)
{
	return isfinite(value) && value > 0;
}

static double axis_low(const struct axis_span *span)
{
	const double below = 3;
	double low = INFINITY;
	if (axis_has(span->plan))
		low = fmin(low, span->plan);
	if (axis_has(span->now))
		low = fmin(low, span->now);
	if (isinf(low))
		low = span->usual / 1000;
	return fmax(low / below, span->least);
}

static double axis_high(const struct axis_span *span)
{
	const double above = 2;
	const double values[] = {span->plan, span->now, span->after};
	double high = 0;
	for (size_t i = 0; i < COUNT_OF(values); i++) {
		if (axis_has(values[i]))
			high = fmax(high, values[i]);
	}
	if (high <= 0)
		return span->usual;
	return high * above;
}

static bool is_near(double step, double plan)
{
	return axis_has(plan) && step < plan * too_near && step > plan / too_near;
}

struct axis {
	double *steps;
	size_t count, most;
};

static bool axis_add(struct axis *axis, double step)
{
	if (axis->count == axis->most)
		return false;
	axis->steps[axis->count++] = step;
	return true;
}

/* false: there is no room for so many steps. */
static bool axis_fill(const struct axis_span *span,
		const double *of_decade,
		struct axis *axis,
		size_t *ret_plan)
{
	const double hair = 1e-9;
	double low = axis_low(span), high = axis_high(span);
	bool due = span->plan >= 0;
	axis->count = 0;
	if (due && !axis_has(span->plan)) { /* nothing: the first of all */
		*ret_plan = 0;
		due = !axis_add(axis, 0);
	}
	double ten = pow(10, floor(log10(low)));
	while (ten <= high) {
		for (size_t i = 0; of_decade[i] > 0; i++) {
			double step = of_decade[i] * ten;
			if (step < low * (1 - hair) || step > high * (1 + hair))
				continue;
			if (due && step > span->plan) {
				*ret_plan = axis->count;
				due = !axis_add(axis, span->plan);
			}
			if (!is_near(step, span->plan) && !axis_add(axis, step))
				return false;
		}
		ten *= 10;
	}
	return !due;
}

size_t axis_steps(const struct axis_span *span, size_t most, double *steps, size_t *ret_plan)
{
	struct axis axis = {.steps = steps, .most = most};
	for (size_t i = 0; i < COUNT_OF(steps_of); i++) {
		*ret_plan = most;
		if (axis_fill(span, steps_of[i], &axis, ret_plan))
			break;
	}
	if (!(span->plan >= 0))
		*ret_plan = axis.count;
	return axis.count;
}
