/* Samples the plan over time. */
#include "model/judge/drawn.h"

#include <math.h>
#include <string.h>

enum {
	STAGED_POINTS = 61,
	STEADY_POINTS = 25,
	CHANGES_DRAWN = 64
};

/* A plan without an end is shown until everything has settled: the longest hold of the model is
 * conntrack's 120 s. Waves that are followed no longer (timeline.h) count as spread only when the
 * last of them has been forgotten as well. */
static const double settled_s = 180;

/* The seconds that are drawn. */
struct drawing {
	const struct situation *s;
	struct moment *moments;
	size_t count, capacity;
	double until_s;
};

static void draw_at(struct drawing *drawing, double t, bool before)
{
	double settled = drawing->s->down.settled_s;
	bool in_plan = t >= 0 && t <= drawing->until_s;
	bool between = t > settled && t < settled + settled_s;
	if (!in_plan || between)
		return;
	drawing->moments = arena_grow(drawing->s->arena,
			drawing->moments,
			drawing->count,
			&drawing->capacity,
			sizeof *drawing->moments);
	drawing->moments[drawing->count].t = t;
	drawing->moments[drawing->count].before = before;
	drawing->count++;
}

/* What happens at one second is drawn as it was just before, and as it is then. */
static void draw_change(struct drawing *drawing, double t)
{
	if (t > 0)
		draw_at(drawing, t, true);
	draw_at(drawing, t, false);
}

static void draw_limit(struct drawing *drawing, const struct judgement *j)
{
	draw_at(drawing, j->at_s, j->before_jump);
	draw_at(drawing, j->target_crossed_at_s, false);
	draw_at(drawing, j->exhausted_at_s, false);
}

static double later(double last, double second)
{
	if (isfinite(second) && second > last)
		return second;
	return last;
}

/* The last second that the verdict names. */
static double last_named(const struct all_limits *limits)
{
	double last = 0;
	for (size_t i = 0; i < limits->count; i++) {
		const struct judgement *j = &limits->items[i].worst;
		last = later(last, j->at_s);
		last = later(last, j->target_crossed_at_s);
		last = later(last, j->exhausted_at_s);
	}
	return last;
}

static double drawn_until(const struct timeline *timeline, const struct all_limits *limits)
{
	double last = fmax(last_named(limits), timeline->said_s);
	if (isinf(timeline->end_s))
		return fmin(last + settled_s, timeline->settled_s);
	if (timeline->end_s > 0)
		return timeline->end_s;
	return 1;
}

static void draw_moments(struct drawing *drawing,
		const struct all_limits *limits,
		struct timeline_result *out)
{
	const struct timeline *timeline = &drawing->s->down;
	size_t points = STEADY_POINTS;
	if (timeline->count > 1)
		points = STAGED_POINTS;
	drawing->until_s = drawn_until(timeline, limits);
	out->step_s = drawing->until_s / (double)(points - 1);
	for (size_t i = 0; i < points; i++)
		draw_at(drawing, (double)i * out->step_s, false);
	size_t changes = timeline->count;
	if (changes > CHANGES_DRAWN)
		changes = CHANGES_DRAWN;
	for (size_t i = 0; i < changes; i++)
		draw_change(drawing, timeline->points[i].t);
	for (size_t i = 0; i < limits->count; i++)
		draw_limit(drawing, &limits->items[i].worst);
	drawing->count = moments_sort(drawing->moments, drawing->count);
	out->points = drawing->count;
}

/* Six significant digits: what a chart can show, and a short text in the document. */
static void shorten(double *values, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (!isfinite(values[i]) || values[i] == 0)
			continue;
		double digits = floor(log10(fabs(values[i])));
		double unit = pow(10, 5 - digits);
		values[i] = round(values[i] * unit) / unit;
	}
}

static bool is_judged(const struct judgement *j)
{
	return !isnan(j->max_safe_scale) && j->status != STATUS_NOT_APPLICABLE;
}

static double *series_of(const struct drawing *drawing)
{
	return arena_alloc(drawing->s->arena, drawing->count * sizeof(double));
}

static void draw_use(const struct drawing *drawing,
		const struct judgement *j,
		struct timeline_result *out)
{
	if (!is_judged(j))
		return;
	double *use = series_of(drawing);
	evaluate_use_series(drawing->s, j->rule, j->instance, drawing->moments, drawing->count, use);
	shorten(use, drawing->count);
	out->use[out->use_count].id = j->rule->id;
	out->use[out->use_count].values = use;
	out->use_count++;
}

/* Of the plan's two sides the one whose closes leave TIME_WAIT here. */
struct closing {
	const struct timeline *timeline;
	double share;  /* of its closes */
	double hold_s; /* NAN: not known */
	double most;   /* so many can wait at once, in all */
	double ports;  /* connections and those that wait have so many between them */
	enum workload_field closer, connections, open_rate;
};

/* Ports that connections and TIME_WAIT share; INFINITY where they share none, or where the plan
 * needs more than there are. */
static double ports_shared(const struct result *result)
{
	const struct expectation *e = &result->expectation;
	for (size_t i = 0; i < result->resource_count; i++) {
		const struct judgement *j = &result->resources[i].worst;
		bool ports = strcmp(j->rule->id, "ephemeral-ports") == 0;
		bool fits = is_judged(j) && !j->over;
		if (ports && fits && e->usable_ports > 0)
			return e->usable_ports * e->pools;
	}
	return INFINITY;
}

static double number_or_none(const struct facts *facts, const char *key)
{
	double number = facts_number(facts, key);
	if (isnan(number))
		return INFINITY;
	return number;
}

static struct closing closing_of(const struct situation *s, const struct result *result)
{
	struct closing closing = {
			.timeline = &s->down,
			.share = s->share_here,
			.hold_s = facts_number(s->facts, "tcp.time_wait_s"),
			.most = number_or_none(s->facts, "net.ipv4.tcp_max_tw_buckets"),
			.ports = ports_shared(result),
			.closer = W_CLOSER,
			.connections = W_CONNECTIONS,
			.open_rate = W_OPEN_RATE,
	};
	if (s->share_here > 0 || s->up_share_here <= 0)
		return closing;
	closing.timeline = &s->up;
	closing.share = s->up_share_here;
	closing.closer = W_UP_CLOSER;
	closing.connections = W_UP_CONNECTIONS;
	closing.open_rate = W_UP_OPEN_RATE;
	return closing;
}

/* What waits of so many that closed, beside so many connections. With tcp_tw_reuse a new one takes
 * the port of one that waits, which is then gone. */
static double waiting(const struct closing *closing, double closed, double live)
{
	double kept = fmin(closing->share * closed, closing->most);
	return fmin(kept, fmax(0, closing->ports - live));
}

static double waiting_at(const struct closing *closing, struct moment moment)
{
	bool steady;
	if (isnan(closing->hold_s))
		return (double)NAN;
	double live = timeline_at(closing->timeline, SERIES_LIVE, moment);
	double closed =
			timeline_last(closing->timeline, SERIES_CLOSES, moment, closing->hold_s, &steady);
	return waiting(closing, closed, live);
}

static enum confidence worse(const struct workload_value *value, enum confidence than)
{
	enum confidence own = value->confidence;
	if (value->assumed)
		own = CONFIDENCE_ESTIMATE;
	if (value->set && own > than)
		return own;
	return than;
}

/* What the numbers at the end rest on. */
static enum confidence end_confidence(const struct workload_value *values,
		const struct closing *closing,
		double closed)
{
	enum confidence confidence = CONFIDENCE_EXACT;
	if (closed > 0)
		confidence = CONFIDENCE_BOUND;
	confidence = worse(&values[W_STAGES], confidence);
	confidence = worse(&values[W_LIFETIME], confidence);
	confidence = worse(&values[closing->closer], confidence);
	confidence = worse(&values[closing->connections], confidence);
	return worse(&values[closing->open_rate], confidence);
}

/* All that are open at the end close at once, and what closed in the last hold is waiting still. */
static struct plan_end end_of(const struct situation *s, const struct closing *closing)
{
	struct plan_end end = {
			.at_s = (double)NAN,
			.hold_s = closing->hold_s,
	};
	const struct moment last = moment_at(s->down.end_s);
	bool steady;
	if (isfinite(last.t))
		end.at_s = last.t;
	double closed = (double)NAN;
	if (!isnan(end.hold_s))
		closed = timeline_last(closing->timeline, SERIES_CLOSES, last, end.hold_s, &steady);
	end.live = timeline_at(closing->timeline, SERIES_LIVE, last);
	end.time_wait = waiting(closing, end.live + closed, 0);
	if (isnan(closed))
		end.time_wait = (double)NAN;
	end.confidence = end_confidence(s->workload->values, closing, closed);
	return end;
}

static void draw_population(const struct drawing *drawing,
		const struct closing *closing,
		struct timeline_result *out)
{
	const struct timeline *timeline = &drawing->s->down;
	for (size_t i = 0; i < out->points; i++) {
		const struct moment moment = drawing->moments[i];
		out->t[i] = moment.t;
		out->live[i] = timeline_at(timeline, SERIES_LIVE, moment);
		out->opens[i] = timeline_at(timeline, SERIES_OPENS, moment);
		out->time_wait[i] = waiting_at(closing, moment);
	}
	shorten(out->live, out->points);
	shorten(out->time_wait, out->points);
	shorten(out->opens, out->points);
}

void drawn_timeline(const struct situation *s,
		const struct all_limits *limits,
		struct result *result)
{
	struct timeline_result *out = &result->timeline;
	struct drawing drawing = {.s = s};
	const struct closing closing = closing_of(s, result);
	out->end = end_of(s, &closing);
	draw_moments(&drawing, limits, out);
	out->t = series_of(&drawing);
	out->live = series_of(&drawing);
	out->time_wait = series_of(&drawing);
	out->opens = series_of(&drawing);
	draw_population(&drawing, &closing, out);
	out->use = arena_alloc(s->arena, (limits->count + 1) * sizeof *out->use);
	for (size_t i = 0; i < limits->count; i++)
		draw_use(&drawing, &limits->items[i].worst, out);
}
