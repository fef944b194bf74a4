/* Hosts by group and by load, and the sampled timeline. */
#include "model/sizing.h"

#include <math.h>

#include "model/ladder.h"

enum {
	STAGED_POINTS = 61,
	STEADY_POINTS = 25,
	LOAD_POINTS = 16,
	LOAD_POINTS_OF_PLAN = 4
};

/* A steady plan is shown until everything has settled: the longest hold of the model is conntrack's
 * 120 s. */
static const double settled_s = 180;

void sizing_hosts(struct arena *arena,
		const struct all_limits *now,
		const struct all_limits *after,
		struct result *result)
{
	const struct workload *workload = &result->workload;
	result->hosts_now = hosts_needed(now, 1);
	result->hosts_after = hosts_needed(after, 1);
	result->group_count = workload->group_count;
	result->groups = arena_alloc(arena, (workload->group_count + 1) * sizeof *result->groups);
	for (size_t i = 0; i < workload->group_count; i++) {
		double share = workload->groups[i].share;
		result->groups[i] = (struct group_hosts){workload->groups[i].name,
				share,
				hosts_needed(now, share),
				hosts_needed(after, share)};
	}
}

static bool has_numbers(const struct judgement *j)
{
	return !isnan(j->max_safe_scale) && j->status != STATUS_NOT_APPLICABLE;
}

/* A limit that more hosts do not divide must hold the whole load. */
static double hosts_at(const struct all_limits *limits, double scale)
{
	if (scale == 1)
		return hosts_needed(limits, 1);
	double lowest = INFINITY;
	for (size_t i = 0; i < limits->count; i++) {
		const struct judgement *j = &limits->items[i].worst;
		if (!judgement_counts(j) || !has_numbers(j))
			continue;
		if (!j->rule->divides && j->max_safe_scale < scale)
			return NAN;
		if (j->rule->divides)
			lowest = fmin(lowest, j->max_safe_scale);
	}
	if (lowest <= 0)
		return NAN;
	if (isinf(lowest))
		return 1;
	return fmax(1, ceil(scale / lowest - 1e-9));
}

void sizing_curve(struct arena *arena,
		const struct all_limits *now,
		const struct all_limits *after,
		struct result *result)
{
	result->sizing = arena_alloc(arena, LOAD_POINTS * sizeof *result->sizing);
	if (isnan(result->hosts_now) && isnan(result->hosts_after))
		return;
	for (size_t i = 0; i < LOAD_POINTS; i++) {
		double scale = (double)(i + 1) / LOAD_POINTS_OF_PLAN;
		result->sizing[result->sizing_count++] = (struct sizing_point){
				load_at(&result->workload, scale),
				hosts_at(now, scale),
				hosts_at(after, scale)};
	}
}

static double span(const struct timeline *timeline)
{
	double last = timeline->points[timeline->count - 1].t;
	if (timeline->staged && timeline->end_s > 0)
		return timeline->end_s;
	if (timeline->staged)
		return 1;
	if (isinf(timeline->end_s))
		return last + settled_s;
	return fmax(timeline->end_s, last);
}

/* Six significant digits: what a chart can show, and a short text in the document. */
static void shorten(double *values, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (!isfinite(values[i]) || values[i] == 0)
			continue;
		double unit = pow(10, 5 - floor(log10(fabs(values[i]))));
		values[i] = round(values[i] * unit) / unit;
	}
}

static void sizing_add_use(const struct situation *s,
		const struct judgement *j,
		struct timeline_result *out)
{
	double *use;
	if (!has_numbers(j))
		return;
	use = arena_alloc(s->arena, out->points * sizeof *use);
	evaluate_use_series(s, j->rule, j->instance, out->t, out->points, use);
	shorten(use, out->points);
	out->use[out->use_count++] = (struct series){j->rule->id, use};
}

/* Of the plan's two sides the one whose closes leave TIME_WAIT here. */
struct closing {
	const struct timeline *timeline;
	double share; /* of its closes */
	enum workload_field closer, connections, open_rate;
};

static struct closing closing_of(const struct situation *s)
{
	if (s->share_here <= 0 && s->up_share_here > 0)
		return (struct closing){&s->up,
				s->up_share_here,
				W_UP_CLOSER,
				W_UP_CONNECTIONS,
				W_UP_OPEN_RATE};
	return (struct closing){&s->down, s->share_here, W_CLOSER, W_CONNECTIONS, W_OPEN_RATE};
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

/* What was closed in the last `hold` seconds before `at`. */
static double closed_before(const struct situation *s,
		const struct closing *closing,
		double at,
		double hold)
{
	bool steady;
	double last = hold;
	if (isnan(hold))
		return NAN;
	if (isfinite(at) && !s->down.staged)
		last = fmin(hold, at);
	return timeline_last(closing->timeline, SERIES_CLOSES, moment_at(at), last, &steady);
}

/* All that are open at the end close at once, and what closed in the last hold is waiting still. */
static struct plan_end sizing_end_of(const struct situation *s, double hold)
{
	const struct closing closing = closing_of(s);
	double at = INFINITY, most = facts_number(s->facts, "net.ipv4.tcp_max_tw_buckets");
	struct plan_end end = {.at_s = NAN, .hold_s = hold};
	if (isfinite(s->down.end_s))
		end.at_s = at = s->down.end_s;
	if (isnan(most))
		most = INFINITY;
	double closed = closed_before(s, &closing, at, hold);
	end.live = timeline_at(closing.timeline, SERIES_LIVE, moment_at(at));
	end.time_wait = fmin(closing.share * (end.live + closed), most);
	end.confidence = end_confidence(s->workload->values, &closing, closed);
	return end;
}

static double sizing_time_wait(const struct closing *closing, double t, double hold)
{
	bool steady;
	if (isnan(hold))
		return NAN;
	double closed = timeline_last(closing->timeline, SERIES_CLOSES, moment_at(t), hold, &steady);
	return closing->share * closed;
}

static double *sizing_series(const struct situation *s, size_t points)
{
	return arena_alloc(s->arena, points * sizeof(double));
}

void sizing_timeline(const struct situation *s,
		const struct all_limits *limits,
		struct result *result)
{
	struct timeline_result *out = &result->timeline;
	const struct closing closing = closing_of(s);
	double hold = facts_number(s->facts, "tcp.time_wait_s");
	out->end = sizing_end_of(s, hold);
	out->points = STEADY_POINTS;
	if (s->down.staged)
		out->points = STAGED_POINTS;
	out->step_s = span(&s->down) / (double)(out->points - 1);
	out->t = sizing_series(s, out->points);
	out->live = sizing_series(s, out->points);
	out->time_wait = sizing_series(s, out->points);
	out->opens = sizing_series(s, out->points);
	for (size_t i = 0; i < out->points; i++) {
		double t = (double)i * out->step_s;
		const struct moment now = moment_at(t);
		out->t[i] = t;
		out->live[i] = timeline_at(&s->down, SERIES_LIVE, now);
		out->opens[i] = timeline_at(&s->down, SERIES_OPENS, now);
		out->time_wait[i] = sizing_time_wait(&closing, t, hold);
	}
	shorten(out->live, out->points);
	shorten(out->time_wait, out->points);
	shorten(out->opens, out->points);
	out->use = arena_alloc(s->arena, (limits->count + 1) * sizeof *out->use);
	for (size_t i = 0; i < limits->count; i++)
		sizing_add_use(s, &limits->items[i].worst, out);
}
