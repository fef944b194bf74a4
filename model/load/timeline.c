/* Reads from the plan over time. */
#include "model/load/timeline.h"

#include <math.h>
#include <stdlib.h>

/* Seconds nearer than this are the same: what two sums of lifetimes may differ by. */
static const double same_second = 1e-11;

static int by_moment(const void *a, const void *b)
{
	const struct moment *left = a, *right = b;
	if (left->t < right->t)
		return -1;
	if (left->t > right->t)
		return 1;
	return (int)right->before - (int)left->before;
}

static bool is_sorted(const struct moment *moments, size_t count)
{
	for (size_t i = 1; i < count; i++) {
		if (by_moment(&moments[i - 1], &moments[i]) > 0)
			return false;
	}
	return true;
}

size_t moments_sort(struct moment *moments, size_t count)
{
	size_t kept = 0;
	if (!is_sorted(moments, count))
		qsort(moments, count, sizeof *moments, by_moment);
	for (size_t i = 0; i < count; i++) {
		bool same = kept > 0 && by_moment(&moments[kept - 1], &moments[i]) == 0;
		if (!same)
			moments[kept++] = moments[i];
	}
	return kept;
}

/* Where in the plan: at dt seconds after a point; or at a point, before what happens there. */
struct place {
	size_t at;
	double dt;
	bool start; /* before anything happened */
};

static bool is_in_piece(const struct timeline *timeline, size_t at, double t)
{
	if (timeline->points[at].t > t)
		return false;
	return at + 1 == timeline->count || timeline->points[at + 1].t > t;
}

/* Index of the last point with point.t <= t. Looks first where the reader was, and just after. */
static size_t timeline_find(const struct timeline *timeline, double t, size_t *near)
{
	size_t low = 0, high = timeline->count;
	for (int i = 0; i < 2 && *near + (size_t)i < high; i++) {
		if (is_in_piece(timeline, *near + (size_t)i, t)) {
			*near += (size_t)i;
			return *near;
		}
	}
	while (high - low > 1) {
		size_t middle = (low + high) / 2;
		if (timeline->points[middle].t <= t)
			low = middle;
		else
			high = middle;
	}
	*near = low;
	return low;
}

static struct place timeline_place(const struct timeline *timeline,
		double t,
		bool before,
		size_t *near)
{
	const struct timeline_point *points = timeline->points;
	double tolerance = same_second * fmax(1, t);
	size_t at = timeline_find(timeline, t + tolerance, near);
	bool on_point = t - points[at].t <= tolerance;
	if (!on_point)
		return (struct place){.at = at, .dt = t - points[at].t};
	if (!before)
		return (struct place){.at = at};
	while (at > 0 && t - points[at - 1].t <= tolerance)
		at--;
	if (at == 0)
		return (struct place){.start = true};
	return (struct place){.at = at - 1, .dt = points[at].t - points[at - 1].t};
}

static double grown(double value, const struct flow *flow, double dt)
{
	return value + dt * (flow->rate + flow->slope * dt / 2);
}

static struct flow flow_after(const struct flow *flow, double dt)
{
	struct flow after = *flow;
	after.rate += flow->slope * dt;
	after.total = grown(flow->total, flow, dt);
	return after;
}

static double live_at(const struct timeline_point *point, double dt)
{
	const struct flow net = {
			.rate = point->opens.rate - point->closes.rate,
			.slope = point->opens.slope - point->closes.slope,
	};
	return grown(point->live, &net, dt);
}

static const struct flow *flow_of(const struct timeline_point *point, enum timeline_series series)
{
	if (series == SERIES_OPENS)
		return &point->opens;
	return &point->closes;
}

/* The steady state of a plan without an end; else its last second. */
static bool is_steady_state(const struct timeline *timeline, double t)
{
	return isinf(t) && isinf(timeline->end_s);
}

/* Connections that stay grow without end where more are opened for ever. */
static double steady_live(const struct timeline_point *last)
{
	if (last->opens.rate > last->closes.rate)
		return INFINITY;
	return last->live;
}

double timeline_at_near(const struct timeline *timeline,
		enum timeline_series series,
		struct moment moment,
		struct timeline_cursor *cursor)
{
	struct place place = {.at = timeline->count - 1};
	double t = fmin(moment.t, timeline->end_s);
	if (is_steady_state(timeline, t) && series == SERIES_LIVE)
		return steady_live(&timeline->points[place.at]);
	if (!is_steady_state(timeline, t))
		place = timeline_place(timeline, t, moment.before, &cursor->now);
	if (place.start)
		return 0;
	const struct timeline_point *point = &timeline->points[place.at];
	if (series == SERIES_LIVE)
		return live_at(point, place.dt);
	const struct flow *flow = flow_of(point, series);
	return flow->rate + flow->slope * place.dt;
}

double timeline_at(const struct timeline *timeline,
		enum timeline_series series,
		struct moment moment)
{
	struct timeline_cursor cursor = {0};
	return timeline_at_near(timeline, series, moment, &cursor);
}

/* Opened or closed from the start to t. */
static double total_at(const struct timeline *timeline,
		enum timeline_series series,
		struct moment moment,
		size_t *near)
{
	if (moment.t < 0)
		return 0;
	struct place place = timeline_place(timeline, moment.t, moment.before, near);
	if (place.start)
		return 0;
	const struct flow *flow = flow_of(&timeline->points[place.at], series);
	return grown(flow->total, flow, place.dt);
}

double timeline_last_near(const struct timeline *timeline,
		enum timeline_series series,
		struct moment moment,
		double seconds,
		struct timeline_cursor *cursor)
{
	const struct timeline_point *last = &timeline->points[timeline->count - 1];
	double rate = flow_of(last, series)->rate;
	if (is_steady_state(timeline, moment.t))
		return fmax(0, rate * seconds);
	struct moment to = {
			.t = fmin(moment.t, timeline->end_s),
			.before = moment.before,
	};
	struct moment from = {
			.t = to.t - seconds,
			.before = moment.before,
	};
	double sum = total_at(timeline, series, to, &cursor->now);
	return sum - total_at(timeline, series, from, &cursor->from);
}

double timeline_last(const struct timeline *timeline,
		enum timeline_series series,
		struct moment moment,
		double seconds,
		bool *ret_steady)
{
	struct timeline_cursor cursor = {0};
	double sum = timeline_last_near(timeline, series, moment, seconds, &cursor);
	double now = timeline_at_near(timeline, series, moment, &cursor);
	*ret_steady = fabs(sum - now * seconds) <= 1e-9 * fmax(1, sum);
	return sum;
}

/* Where the openings no longer outnumber the closings, between this point and `until`; else at
 * `until`. */
static double highest_live(const struct timeline_point *point, double until)
{
	double rate = point->opens.rate - point->closes.rate;
	double slope = point->opens.slope - point->closes.slope;
	double turn = -rate / slope, dt = until - point->t;
	double most = fmax(point->live, live_at(point, dt));
	if (rate > 0 && slope < 0 && turn < dt)
		most = fmax(most, live_at(point, turn));
	return most;
}

/* When the course changes after this point, or the plan ends. */
static double until_of(const struct timeline *timeline, size_t i)
{
	if (i + 1 < timeline->count)
		return fmin(timeline->points[i + 1].t, timeline->end_s);
	return timeline->end_s;
}

double timeline_most_live(const struct timeline *timeline)
{
	double most = 0;
	for (size_t i = 0; i < timeline->count; i++) {
		const struct timeline_point *point = &timeline->points[i];
		double until = until_of(timeline, i);
		if (isinf(until))
			most = fmax(most, steady_live(point));
		else
			most = fmax(most, highest_live(point, until));
	}
	return most;
}

double timeline_most_opens(const struct timeline *timeline)
{
	double most = 0;
	for (size_t i = 0; i < timeline->count; i++) {
		const struct timeline_point *point = &timeline->points[i];
		const struct flow *opens = &point->opens;
		double dt = until_of(timeline, i) - point->t;
		most = fmax(most, opens->rate);
		if (isfinite(dt))
			most = fmax(most, opens->rate + opens->slope * dt);
	}
	return most;
}

struct timeline_point timeline_from(const struct timeline *timeline, double t)
{
	size_t near = 0;
	const struct place place = timeline_place(timeline, t, false, &near);
	const struct timeline_point *from = &timeline->points[place.at];
	struct timeline_point point = *from;
	double dt = place.dt;
	point.t = t;
	point.jump = from->jump && dt <= 0;
	point.live = live_at(from, dt);
	point.opens = flow_after(&from->opens, dt);
	point.closes = flow_after(&from->closes, dt);
	return point;
}
