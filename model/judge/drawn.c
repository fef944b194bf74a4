/* Samples the plan over time. */
#include "model/judge/drawn.h"

#include <math.h>
#include <string.h>

#include "model/instance/instance.h"

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
	double settled = drawing->s->together.settled_s;
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
	const struct timeline *timeline = &drawing->s->together;
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
	evaluate_use_series(drawing->s, j, drawing->moments, drawing->count, use);
	shorten(use, drawing->count);
	out->use[out->use_count].id = j->rule->id;
	out->use[out->use_count].values = use;
	out->use_count++;
}

/* Of a load's two sides the one whose closes leave TIME_WAIT here. */
struct closing {
	const struct load *load;
	const struct timeline *timeline;
	double share; /* of its closes */
	enum workload_field closer, connections, open_rate;
};

/* What waits of all loads. */
struct room {
	double hold_s; /* NAN: not known */
	double most;   /* so many can wait at once, in all */
	double ports;  /* connections and those that wait have so many between them */
};

/* Ports that connections and TIME_WAIT share; INFINITY where they share none, or where the plan
 * needs more than there are. Those of several loads are one number where all share one pool. */
static double ports_shared(const struct situation *s, const struct result *result)
{
	const struct expectation *e = &result->expectation;
	for (size_t i = 0; i < result->resource_count; i++) {
		const struct judgement *j = &result->resources[i].worst;
		bool ports = strcmp(j->rule->id, "ephemeral-ports") == 0;
		bool fits = is_judged(j) && !j->over;
		bool one_pool = e->pools == 1 && j->at->member_count == s->load_count;
		bool alone = s->load_count == 1 || one_pool;
		if (ports && fits && alone && e->usable_ports > 0)
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

static struct room room_of(const struct situation *s, const struct result *result)
{
	return (struct room){
			.hold_s = facts_number(s->facts, "tcp.time_wait_s"),
			.most = number_or_none(s->facts, "net.ipv4.tcp_max_tw_buckets"),
			.ports = ports_shared(s, result),
	};
}

static struct closing closing_of(const struct load *load)
{
	struct closing closing = {
			.load = load,
			.timeline = &load->down,
			.share = load->share_here,
			.closer = W_CLOSER,
			.connections = W_CONNECTIONS,
			.open_rate = W_OPEN_RATE,
	};
	if (load->share_here > 0 || load->up_share_here <= 0)
		return closing;
	closing.timeline = &load->up;
	closing.share = load->up_share_here;
	closing.closer = W_UP_CLOSER;
	closing.connections = W_UP_CONNECTIONS;
	closing.open_rate = W_UP_OPEN_RATE;
	return closing;
}

/* What waits of so many that closed here, beside so many connections. With tcp_tw_reuse a new one
 * takes the port of one that waits, which is then gone. */
static double waiting(const struct room *room, double closed, double live)
{
	double kept = fmin(closed, room->most);
	return fmin(kept, fmax(0, room->ports - live));
}

/* What closed here in the last seconds. */
static double closed_at(const struct closing *closing,
		const struct room *room,
		struct moment moment)
{
	bool steady;
	if (isnan(room->hold_s))
		return (double)NAN;
	double closed = timeline_last(closing->timeline, SERIES_CLOSES, moment, room->hold_s, &steady);
	return closing->share * closed;
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
static enum confidence end_confidence(const struct closing *closing,
		double closed,
		enum confidence confidence)
{
	const struct workload_value *values = closing->load->workload->values;
	if (closed > 0 && confidence < CONFIDENCE_BOUND)
		confidence = CONFIDENCE_BOUND;
	confidence = worse(&values[W_STAGES], confidence);
	confidence = worse(&values[W_LIFETIME], confidence);
	confidence = worse(&values[closing->closer], confidence);
	confidence = worse(&values[closing->connections], confidence);
	return worse(&values[closing->open_rate], confidence);
}

/* All that are open at the end close at once, and what closed in the last hold is waiting still. */
static struct plan_end end_of(const struct situation *s, const struct room *room)
{
	struct plan_end end = {
			.at_s = (double)NAN,
			.hold_s = room->hold_s,
			.confidence = CONFIDENCE_EXACT,
	};
	const struct moment last = moment_at(s->together.end_s);
	double left = 0;
	if (isfinite(last.t))
		end.at_s = last.t;
	for (size_t i = 0; i < s->load_count; i++) {
		const struct closing closing = closing_of(&s->loads[i]);
		double closed = closed_at(&closing, room, last);
		double live = timeline_at(closing.timeline, SERIES_LIVE, last);
		end.live += live;
		left += closing.share * live + closed;
		end.confidence = end_confidence(&closing, closed, end.confidence);
	}
	end.time_wait = (double)NAN;
	if (!isnan(left))
		end.time_wait = waiting(room, left, 0);
	return end;
}

/* One load: what waits is what closed, for now. */
static void draw_load(const struct drawing *drawing,
		const struct room *room,
		const struct load *load,
		struct load_series *out)
{
	const struct closing closing = closing_of(load);
	out->load = load->at;
	out->live = series_of(drawing);
	out->opens = series_of(drawing);
	out->time_wait = series_of(drawing);
	for (size_t i = 0; i < drawing->count; i++) {
		const struct moment moment = drawing->moments[i];
		out->live[i] = timeline_at(&load->down, SERIES_LIVE, moment);
		out->opens[i] = timeline_at(&load->down, SERIES_OPENS, moment);
		out->time_wait[i] = closed_at(&closing, room, moment);
	}
}

/* Of what waits each load has its share. */
static void draw_waiting(const struct drawing *drawing,
		const struct room *room,
		struct timeline_result *out,
		size_t i)
{
	double closed = 0, live = 0;
	for (size_t k = 0; k < out->load_count; k++) {
		const struct closing closing = closing_of(&drawing->s->loads[k]);
		closed += out->loads[k].time_wait[i];
		live += timeline_at(closing.timeline, SERIES_LIVE, drawing->moments[i]);
	}
	double waits = closed;
	if (!isnan(closed))
		waits = waiting(room, closed, live);
	out->time_wait[i] = waits;
	if (!(closed > 0))
		return;
	for (size_t k = 0; k < out->load_count; k++) {
		const struct load_series *load = &out->loads[k];
		load->time_wait[i] *= waits / closed;
	}
}

static void shorten_series(const struct load_series *series, size_t points)
{
	shorten(series->live, points);
	shorten(series->time_wait, points);
	shorten(series->opens, points);
}

static void draw_population(const struct drawing *drawing,
		const struct room *room,
		struct timeline_result *out)
{
	const struct situation *s = drawing->s;
	const struct load_series all = {
			.live = out->live,
			.time_wait = out->time_wait,
			.opens = out->opens,
	};
	size_t count = s->load_count;
	out->load_count = count;
	out->loads = arena_alloc(s->arena, count * sizeof *out->loads);
	for (size_t k = 0; k < count; k++) {
		draw_load(drawing, room, &s->loads[k], &out->loads[k]);
	}
	for (size_t i = 0; i < out->points; i++) {
		const struct moment moment = drawing->moments[i];
		out->t[i] = moment.t;
		out->live[i] = timeline_at(&s->together, SERIES_LIVE, moment);
		out->opens[i] = timeline_at(&s->together, SERIES_OPENS, moment);
		draw_waiting(drawing, room, out, i);
	}
	for (size_t k = 0; k < count; k++) {
		shorten_series(&out->loads[k], out->points);
	}
	shorten_series(&all, out->points);
}

void drawn_timeline(const struct situation *s,
		const struct all_limits *limits,
		struct result *result)
{
	struct timeline_result *out = &result->timeline;
	struct drawing drawing = {.s = s};
	const struct room room = room_of(s, result);
	out->end = end_of(s, &room);
	draw_moments(&drawing, limits, out);
	out->t = series_of(&drawing);
	out->live = series_of(&drawing);
	out->time_wait = series_of(&drawing);
	out->opens = series_of(&drawing);
	draw_population(&drawing, &room, out);
	out->use = arena_alloc(s->arena, (limits->count + 1) * sizeof *out->use);
	for (size_t i = 0; i < limits->count; i++)
		draw_use(&drawing, &limits->items[i].worst, out);
}
