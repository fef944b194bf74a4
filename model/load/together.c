/* Between the seconds at which any of them changes, a sum of courses is a course. */
#include "model/load/together.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Seconds nearer than this are the same. */
static const double same_second = 1e-11;

/* What happens at the end itself comes before the closing. */
static const double hair = 1e-9;

/* How many points do not lie after the end. */
static size_t points_in_plan(const struct timeline *timeline)
{
	double end = timeline->end_s * (1 + same_second) + same_second;
	size_t count = timeline->count;
	while (count > 1 && timeline->points[count - 1].t > end)
		count--;
	return count;
}

static struct timeline_point closing_point(const struct timeline *timeline)
{
	double t = timeline->end_s * (1 + hair) + hair;
	struct timeline_point point = timeline_from(timeline, t);
	point.closes.total += point.live;
	point.jump = point.live > 0;
	point.live = 0;
	point.opens.rate = 0;
	point.opens.slope = 0;
	point.closes.rate = 0;
	point.closes.slope = 0;
	return point;
}

void timeline_outlive(struct arena *arena, struct timeline *timeline, double end_s)
{
	if (!(timeline->end_s < end_s))
		return;
	size_t kept = points_in_plan(timeline);
	size_t count = kept + 1;
	struct timeline_point *points;
	points = arena_alloc(arena, count * sizeof *points);
	memcpy(points, timeline->points, kept * sizeof *points);
	points[kept] = closing_point(timeline);
	timeline->points = points;
	timeline->count = count;
	timeline->end_s = end_s;
}

static int by_second(const void *a, const void *b)
{
	const double *left = a;
	const double *right = b;
	return (*left > *right) - (*left < *right);
}

static size_t each_once(double *seconds, size_t count)
{
	size_t kept = 1;
	for (size_t i = 1; i < count; i++) {
		double same = same_second * fmax(1, seconds[i]);
		double apart = seconds[i] - seconds[kept - 1];
		if (apart > same)
			seconds[kept++] = seconds[i];
	}
	return kept;
}

/* The seconds at which any of them changes, ascending. */
static double *seconds_of(struct arena *arena,
		const struct timeline *const *all,
		size_t count,
		size_t *ret_count)
{
	size_t most = 0;
	size_t total = 0;
	for (size_t i = 0; i < count; i++) {
		most += all[i]->count;
	}
	double *seconds = arena_alloc(arena, most * sizeof *seconds);
	for (size_t i = 0; i < count; i++) {
		const struct timeline *one = all[i];
		for (size_t k = 0; k < one->count; k++) {
			seconds[total++] = one->points[k].t;
		}
	}
	qsort(seconds, total, sizeof *seconds, by_second);
	*ret_count = each_once(seconds, total);
	return seconds;
}

static void add_flow(struct flow *sum, const struct flow *more)
{
	sum->rate += more->rate;
	sum->slope += more->slope;
	sum->total += more->total;
}

static struct timeline_point sum_at(const struct timeline *const *all, size_t count, double t)
{
	struct timeline_point sum = {.t = t};
	for (size_t i = 0; i < count; i++) {
		const struct timeline_point point = timeline_from(all[i], t);
		sum.live += point.live;
		sum.jump |= point.jump;
		add_flow(&sum.opens, &point.opens);
		add_flow(&sum.closes, &point.closes);
	}
	return sum;
}

double timeline_settled(const struct timeline *const *all, size_t count)
{
	double settled = -1;
	for (size_t i = 0; i < count; i++) {
		const struct timeline *one = all[i];
		double own = one->settled_s;
		if (isfinite(own))
			settled = fmax(settled, own);
	}
	if (settled < 0)
		return INFINITY;
	return settled;
}

struct timeline timeline_sum(struct arena *arena, const struct timeline *const *all, size_t count)
{
	struct timeline sum = {.end_s = 0};
	struct timeline_point *points;
	double *seconds;
	if (count == 1)
		return *all[0];
	seconds = seconds_of(arena, all, count, &sum.count);
	points = arena_alloc(arena, sum.count * sizeof *points);
	for (size_t i = 0; i < sum.count; i++) {
		points[i] = sum_at(all, count, seconds[i]);
	}
	sum.points = points;
	sum.settled_s = timeline_settled(all, count);
	for (size_t i = 0; i < count; i++) {
		const struct timeline *one = all[i];
		sum.end_s = fmax(sum.end_s, one->end_s);
		sum.said_s = fmax(sum.said_s, one->said_s);
		sum.follow_s = fmax(sum.follow_s, one->follow_s);
		sum.staged |= one->staged;
	}
	return sum;
}
