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

/* A limit that more hosts do not divide must hold the whole load. */
static double hosts_at(const struct all_limits *limits, double scale)
{
	if (scale == 1)
		return hosts_needed(limits, 1);
	double lowest = INFINITY;
	for (size_t i = 0; i < limits->count; i++) {
		const struct judgement *j = &limits->items[i].worst;
		if (!judgement_counts(j) || j->status == STATUS_UNKNOWN ||
				j->status == STATUS_NOT_APPLICABLE)
			continue;
		if (!j->rule->divides && j->max_safe_scale < scale)
			return NAN;
		if (j->rule->divides)
			lowest = fmin(lowest, j->max_safe_scale);
	}
	if (lowest <= 0)
		return NAN;
	return isinf(lowest) ? 1 : fmax(1, ceil(scale / lowest - 1e-9));
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
	if (timeline->staged)
		return timeline->end_s > 0 ? timeline->end_s : 1;
	return isinf(timeline->end_s) ? last + settled_s : fmax(timeline->end_s, last);
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
	if (j->status == STATUS_NOT_APPLICABLE || j->status == STATUS_UNKNOWN)
		return;
	use = arena_alloc(s->arena, out->points * sizeof *use);
	evaluate_use_series(s, j->rule, j->instance, out->t, out->points, use);
	shorten(use, out->points);
	out->use[out->use_count++] = (struct series){j->rule->id, use};
}

static enum confidence worse(const struct workload_value *value, enum confidence than)
{
	enum confidence own = value->assumed ? CONFIDENCE_ESTIMATE : value->confidence;
	return value->set && own > than ? own : than;
}

/* All that are open at the end close at once, and what closed in the last hold is waiting still. */
static struct plan_end sizing_end_of(const struct situation *s, double hold)
{
	const struct workload_value *v = s->workload->values;
	bool proxy = s->share_here <= 0 && s->up_share_here > 0, ends = isfinite(s->down.end_s), steady;
	const struct timeline *timeline = proxy ? &s->up : &s->down;
	double at = ends ? s->down.end_s : INFINITY, share = proxy ? s->up_share_here : s->share_here;
	double live = timeline_at(timeline, SERIES_LIVE, at),
		   most = facts_number(s->facts, "net.ipv4.tcp_max_tw_buckets");
	double last = ends && !s->down.staged ? fmin(hold, at) : hold;
	double closed = isnan(hold) ? NAN : timeline_last(timeline, SERIES_CLOSES, at, last, &steady);
	enum confidence confidence = closed > 0 ? CONFIDENCE_BOUND : CONFIDENCE_EXACT;
	confidence = worse(&v[proxy ? W_UP_CLOSER : W_CLOSER], worse(&v[W_STAGES], confidence));
	confidence = worse(&v[W_LIFETIME], confidence);
	confidence = worse(&v[proxy ? W_UP_CONNECTIONS : W_CONNECTIONS], confidence);
	return (struct plan_end){ends ? at : NAN,
			live,
			fmin(share * (live + closed), isnan(most) ? INFINITY : most),
			hold,
			worse(&v[proxy ? W_UP_OPEN_RATE : W_OPEN_RATE], confidence)};
}

void sizing_timeline(const struct situation *s,
		const struct all_limits *limits,
		struct result *result)
{
	struct timeline_result *out = &result->timeline;
	double hold = facts_number(s->facts, "tcp.time_wait_s");
	double share = s->up_share_here > 0 && s->share_here <= 0 ? s->up_share_here : s->share_here;
	const struct timeline *timeline = s->share_here > 0 ? &s->down : &s->up;
	bool steady;
	out->end = sizing_end_of(s, hold);
	out->points = s->down.staged ? STAGED_POINTS : STEADY_POINTS;
	out->step_s = span(&s->down) / (double)(out->points - 1);
	out->t = arena_alloc(s->arena, out->points * sizeof(double));
	out->live = arena_alloc(s->arena, out->points * sizeof(double));
	out->time_wait = arena_alloc(s->arena, out->points * sizeof(double));
	out->opens = arena_alloc(s->arena, out->points * sizeof(double));
	for (size_t i = 0; i < out->points; i++) {
		double t = out->t[i] = (double)i * out->step_s;
		out->live[i] = timeline_at(&s->down, SERIES_LIVE, t);
		out->opens[i] = timeline_at(&s->down, SERIES_OPENS, t);
		out->time_wait[i] = isnan(hold)
				? NAN
				: share * timeline_last(timeline, SERIES_CLOSES, t, hold, &steady);
	}
	shorten(out->live, out->points);
	shorten(out->time_wait, out->points);
	shorten(out->opens, out->points);
	out->use = arena_alloc(s->arena, (limits->count + 1) * sizeof *out->use);
	for (size_t i = 0; i < limits->count; i++)
		sizing_add_use(s, &limits->items[i].worst, out);
}
