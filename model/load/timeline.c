/* Reads from the plan over time. */
#include "model/load/timeline.h"

#include <math.h>

/* Seconds nearer than this are the same: what two sums of lifetimes may differ by. */
static const double same_second = 1e-11;

/* Where in the plan: at dt seconds after a point; or at a point, before what happens there. */
struct place {
	size_t at;
	double dt;
	bool start; /* before anything happened */
};

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

static struct place timeline_place(const struct timeline *timeline, double t, bool before)
{
	const struct timeline_point *points = timeline->points;
	double tolerance = same_second * fmax(1, t);
	size_t at = timeline_find(timeline, t + tolerance);
	bool on_point = t - points[at].t <= tolerance;
	if (!on_point)
		return (struct place){.at = at, .dt = t - points[at].t};
	if (!before)
		return (struct place){.at = at};
	if (at == 0)
		return (struct place){.start = true};
	return (struct place){.at = at - 1, .dt = points[at].t - points[at - 1].t};
}

static double grown(double value, const struct flow *flow, double dt)
{
	return value + dt * (flow->rate + flow->slope * dt / 2);
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

double timeline_at(const struct timeline *timeline,
		enum timeline_series series,
		struct moment moment)
{
	struct place place = {.at = timeline->count - 1};
	if (is_steady_state(timeline, moment.t) && series == SERIES_LIVE)
		return steady_live(&timeline->points[place.at]);
	if (!is_steady_state(timeline, moment.t))
		place = timeline_place(timeline, fmin(moment.t, timeline->end_s), moment.before);
	if (place.start)
		return 0;
	const struct timeline_point *point = &timeline->points[place.at];
	if (series == SERIES_LIVE)
		return live_at(point, place.dt);
	const struct flow *flow = flow_of(point, series);
	return flow->rate + flow->slope * place.dt;
}

/* Opened or closed from the start to t. */
static double total_at(const struct timeline *timeline,
		enum timeline_series series,
		double t,
		bool before)
{
	if (t < 0)
		return 0;
	struct place place = timeline_place(timeline, t, before);
	if (place.start)
		return 0;
	const struct flow *flow = flow_of(&timeline->points[place.at], series);
	return grown(flow->total, flow, place.dt);
}

double timeline_last(const struct timeline *timeline,
		enum timeline_series series,
		struct moment moment,
		double seconds,
		bool *ret_steady)
{
	const struct timeline_point *last = &timeline->points[timeline->count - 1];
	double rate = flow_of(last, series)->rate;
	*ret_steady = true;
	if (is_steady_state(timeline, moment.t))
		return rate > 0 ? rate * seconds : 0;
	double t = fmin(moment.t, timeline->end_s);
	double from = total_at(timeline, series, t - seconds, moment.before);
	double sum = total_at(timeline, series, t, moment.before) - from;
	double now = timeline_at(timeline, series, moment);
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
