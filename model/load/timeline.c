/* Builds the grid of a plan and reads from it. Rates are linear between grid points, so totals are
 * exact by trapezoids and quadratic in between. */
#include "model/load/timeline.h"

#include <math.h>

#include "base/sort.h"

/* Grid points over the whole plan; stage borders are added exactly, and so are parts of the spans
 * in which a stage settles: a lifetime, TIME_WAIT's 60 s, conntrack's 120 s. A minute in a plan of
 * hours is then seen as it is. */
enum {
	STEPS = 240,
	SPANS = 3,
	SPAN_PARTS = 8,
	MARKS_MAX = STEPS + 1 + SPANS * SPAN_PARTS,
	STAGES_IN_DETAIL = 64
};

struct grid {
	struct arena *arena;
	struct timeline *timeline;
	size_t capacity;
	double life;
	double marks[MARKS_MAX]; /* seconds of a stage at which there is a grid point, ascending */
	size_t mark_count, span_parts;
};

static void timeline_add_point(struct grid *grid,
		double t,
		double live,
		double opens,
		double closes)
{
	struct timeline *tl = grid->timeline;
	tl->points =
			arena_grow(grid->arena, tl->points, tl->count, &grid->capacity, sizeof *tl->points);
	struct timeline_point *point = &tl->points[tl->count++];
	*point = (struct timeline_point){.t = t, .value = {live, opens, closes}};
	if (tl->count == 1) {
		point->total[SERIES_OPENS] = live;
		return;
	}
	const struct timeline_point *before = point - 1;
	double dt = t - before->t;
	for (int s = SERIES_OPENS; s < TIMELINE_SERIES; s++)
		point->total[s] = before->total[s] + dt * (before->value[s] + point->value[s]) / 2;
	if (dt <= 0 && live > before->value[SERIES_LIVE]) /* a jump opens all at once */
		point->total[SERIES_OPENS] += live - before->value[SERIES_LIVE];
	else if (dt <= 0 && live < before->value[SERIES_LIVE])
		point->total[SERIES_CLOSES] += before->value[SERIES_LIVE] - live;
}

/* Connections that live `life` seconds each close at live / life; a falling ramp closes at least as
 * many as it loses. */
static void live_point(struct grid *grid, double t, double live, double slope)
{
	double closes = isinf(grid->life) || grid->life <= 0 ? 0 : live / grid->life;
	closes = fmax(closes, -slope);
	timeline_add_point(grid, t, live, fmax(0, closes + slope), closes);
}

static void timeline_mark(struct grid *grid, double duration, size_t steps)
{
	const double spans[SPANS] = {grid->life, 60, 120};
	grid->mark_count = 0;
	for (size_t i = 0; i <= steps; i++)
		grid->marks[grid->mark_count++] = duration * (double)i / (double)steps;
	for (size_t i = 0; i < SPANS; i++)
		for (size_t part = 1; part <= grid->span_parts; part++) {
			double at = spans[i] * (double)part / (double)grid->span_parts;
			if (at > 0 && at < duration)
				grid->marks[grid->mark_count++] = at;
		}
	sort_numbers(grid->marks, grid->mark_count);
}

static void stage_of_connections(struct grid *grid,
		double start,
		double from,
		const struct workload_stage *stage,
		size_t steps)
{
	double duration = stage->duration_s, to = stage->connections;
	if (duration <= 0) {
		live_point(grid, start, to, 0);
		return;
	}
	double slope = (to - from) / duration;
	timeline_mark(grid, duration, steps);
	for (size_t i = 0; i < grid->mark_count; i++) {
		double part = grid->marks[i] / duration;
		live_point(grid, start + grid->marks[i], from + part * (to - from), slope);
	}
}

/* Plans given as rates: live(t) is what opened in the last `life` seconds, closes(t) = live(t) /
 * life. The integral of the rate is kept as a running total in the grid itself. */
static double opened_between(const struct timeline *tl, double from, double to)
{
	bool steady;
	return to <= 0 ? 0 : timeline_last(tl, SERIES_OPENS, to, to - fmax(from, 0), &steady);
}

static void rate_point(struct grid *grid, double t, double rate)
{
	timeline_add_point(grid, t, 0, rate, 0);
	struct timeline *tl = grid->timeline;
	struct timeline_point *point = &tl->points[tl->count - 1];
	if (tl->count == 1)
		point->total[SERIES_OPENS] = 0;
	double life = grid->life;
	double live = life <= 0 ? 0 : opened_between(tl, isinf(life) ? 0 : t - life, t);
	double closes = life <= 0 ? rate : isinf(life) ? 0 : live / life;
	point->value[SERIES_LIVE] = live;
	point->value[SERIES_CLOSES] = closes;
	if (tl->count > 1) {
		const struct timeline_point *before = point - 1;
		point->total[SERIES_OPENS] = before->total[SERIES_OPENS] +
				(t - before->t) * (before->value[SERIES_OPENS] + rate) / 2;
		point->total[SERIES_CLOSES] = before->total[SERIES_CLOSES] +
				(t - before->t) * (before->value[SERIES_CLOSES] + closes) / 2;
	}
}

static void stage_of_rates(struct grid *grid,
		double start,
		double from,
		const struct workload_stage *stage,
		size_t steps)
{
	double duration = stage->duration_s, to = stage->open_rate_per_s;
	if (duration <= 0) {
		rate_point(grid, start, to);
		return;
	}
	timeline_mark(grid, duration, steps);
	for (size_t i = 0; i < grid->mark_count; i++) {
		double part = grid->marks[i] / duration;
		rate_point(grid, start + grid->marks[i], from + part * (to - from));
	}
}

static void build_stages(struct grid *grid, const struct workload *workload)
{
	double total = 0, start = 0, live = 0, rate = 0;
	for (size_t i = 0; i < workload->stage_count; i++)
		total += workload->stages[i].duration_s;
	for (size_t i = 0; i < workload->stage_count; i++) {
		const struct workload_stage *stage = &workload->stages[i];
		size_t steps = total > 0 ? (size_t)ceil(STEPS * stage->duration_s / total) : 1;
		if (!steps)
			steps = 1;
		if (isnan(stage->open_rate_per_s)) {
			stage_of_connections(grid, start, live, stage, steps);
			live = stage->connections;
		} else {
			stage_of_rates(grid, start, rate, stage, steps);
			rate = stage->open_rate_per_s;
		}
		start += stage->duration_s;
	}
	grid->timeline->end_s = total;
}

/* A steady plan: all connections at once, or at the ramp rate, then the same churn for ever. */
static void build_steady(struct grid *grid, double live, double rate, double ramp, double duration)
{
	if (ramp > 0 && live > 0) {
		struct workload_stage up = {.duration_s = live / ramp,
				.connections = live,
				.open_rate_per_s = NAN};
		stage_of_connections(grid, 0, 0, &up, STEPS / 4);
		timeline_add_point(grid, live / ramp, live, rate, rate);
	} else {
		timeline_add_point(grid, 0, live, rate, rate);
	}
	grid->timeline->end_s = duration;
}

struct timeline timeline_build(struct arena *arena, const struct workload *workload, bool upstream)
{
	struct timeline timeline = {.staged = workload->stage_count > 0};
	const struct workload_value *v = workload->values;
	struct grid grid = {.arena = arena, .timeline = &timeline, .life = v[W_LIFETIME].number};
	if (workload->stage_count) {
		grid.span_parts = workload->stage_count <= STAGES_IN_DETAIL ? SPAN_PARTS : 1;
		build_stages(&grid, workload);
		return timeline;
	}
	double live = v[upstream ? W_UP_CONNECTIONS : W_CONNECTIONS].number;
	double rate = v[upstream ? W_UP_OPEN_RATE : W_OPEN_RATE].number;
	double ramp = v[W_RAMP_RATE].set && !upstream ? v[W_RAMP_RATE].number : 0;
	build_steady(&grid, live, rate, ramp, v[W_DURATION].set ? v[W_DURATION].number : INFINITY);
	return timeline;
}

/* Index of the last point with point.t <= t. */
static size_t timeline_find(const struct timeline *timeline, double t)
{
	size_t low = 0, high = timeline->count;
	while (high - low > 1) {
		size_t middle = (low + high) / 2;
		if (timeline->points[middle].t <= t)
			low = middle;
		else
			high = middle;
	}
	return low;
}

double timeline_at(const struct timeline *timeline, enum timeline_series series, double t)
{
	size_t i = timeline_find(timeline, t);
	const struct timeline_point *a = &timeline->points[i];
	if (i + 1 >= timeline->count || isinf(t))
		return timeline->points[timeline->count - 1].value[series];
	const struct timeline_point *b = a + 1;
	double part = b->t > a->t ? (t - a->t) / (b->t - a->t) : 0;
	return a->value[series] + part * (b->value[series] - a->value[series]);
}

/* Opened or closed from the start to t, t finite. */
static double total_at(const struct timeline *timeline, enum timeline_series series, double t)
{
	if (t < 0)
		return 0;
	size_t i = timeline_find(timeline, t);
	const struct timeline_point *a = &timeline->points[i];
	double dt = t - a->t, slope = 0;
	if (i + 1 < timeline->count && a[1].t > a->t)
		slope = (a[1].value[series] - a->value[series]) / (a[1].t - a->t);
	return a->total[series] + a->value[series] * dt + slope * dt * dt / 2;
}

double timeline_last(const struct timeline *timeline,
		enum timeline_series series,
		double t,
		double seconds,
		bool *ret_steady)
{
	const struct timeline_point *last = &timeline->points[timeline->count - 1];
	double rate = last->value[series];
	if (isinf(t)) {
		*ret_steady = true;
		return rate > 0 ? rate * seconds : 0;
	}
	double from = t - seconds;
	double sum = total_at(timeline, series, t) - (from < 0 ? 0 : total_at(timeline, series, from));
	double now = timeline_at(timeline, series, t);
	*ret_steady = fabs(sum - now * seconds) <= 1e-9 * fmax(1, sum);
	return sum;
}
