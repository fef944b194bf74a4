/* One run of the model: complete the plan, derive facts, judge, climb the ladder, size, conclude.
 */
#include "model/model.h"

#include <math.h>
#include <string.h>

#include "base/text.h"
#include "model/answer/conclusion.h"
#include "model/answer/headline.h"
#include "model/at_most.h"
#include "model/expectation.h"
#include "model/finding.h"
#include "model/judge/drawn.h"
#include "model/ladder/ladder.h"
#include "model/map/map.h"
#include "model/present.h"
#include "model/reach/decides.h"
#include "model/reach/trial.h"
#include "model/sizing.h"

/* The first hard limit to break: lowest scale at which use reaches 1. */
static const struct judgement *first_to_break(const struct all_limits *limits)
{
	const struct judgement *first = NULL;
	for (size_t i = 0; i < limits->count; i++) {
		const struct judgement *j = &limits->items[i].worst;
		if (!judgement_counts(j))
			continue;
		if (!isfinite(j->breaks_scale))
			continue;
		if (!first || j->breaks_scale < first->breaks_scale)
			first = j;
	}
	return first;
}

static bool is_judged(enum status status)
{
	switch (status) {
	case STATUS_PASS:
	case STATUS_WARN:
	case STATUS_FAIL:
		return true;
	case STATUS_UNKNOWN:
	case STATUS_NOT_APPLICABLE:
		break;
	}
	return false;
}

/* What the limit read and cannot be seen from here. */
static void cover_facts(struct arena *arena,
		const struct situation *s,
		const struct judgement *j,
		struct result *r)
{
	for (size_t i = 0; i < j->facts.count; i++) {
		const char *key = j->facts.items[i];
		const struct fact *fact = facts_get(s->facts, key, "");
		if (fact && fact->status == FACT_NOT_VISIBLE)
			name_list_add_once(arena, &r->not_visible, key);
	}
}

static void cover(struct arena *arena,
		const struct situation *s,
		const struct all_limits *limits,
		struct result *r)
{
	for (size_t i = 0; i < limits->count; i++) {
		const struct judgement *j = &limits->items[i].worst;
		r->judged += is_judged(j->status);
		cover_facts(arena, s, j, r);
	}
	const struct fact *initial = facts_get(s->facts, "vantage.netns.initial", "");
	if (initial && initial->status == FACT_KNOWN && initial->number == 0)
		name_list_add_once(arena, &r->not_visible, "node conntrack");
}

static void sum_up_breaks(const struct state *state,
		const struct all_limits *limits,
		struct result *r)
{
	double scale = INFINITY;
	const struct judgement *first = first_to_break(limits);
	r->breaks_first = first;
	r->breaks_at_s = NAN;
	if (first) {
		scale = first->breaks_scale;
		r->breaks_at_s = first->exhausted_at_s;
	}
	r->breaks = load_at(&state->loads, scale);
	r->breaks.without = limits->without;
	r->breaks.at_most = r->at_most.limits.count > 0;
}

static void model_sum_up(const struct state *state,
		const struct all_limits *limits,
		struct result *r)
{
	r->binding = limits->binding;
	r->plan = load_at(&state->loads, 1);
	r->max_safe = load_at(&state->loads, limits->safe_scale);
	r->max_safe.without = limits->without;
	r->at_most = at_most_of(state->facts[0]->arena, state, limits);
	sum_up_breaks(state, limits, r);
	if (limits->without)
		r->without = *limits->without;
	r->verdict = conclusion_verdict(limits, r->too_old);
}

bool model_judge(struct arena *arena,
		const struct rules *rules,
		const struct facts *facts,
		const struct loads *plan,
		const struct model_options *options,
		struct result *ret_result,
		struct error *err)
{
	struct trial trial = {
			.arena = arena,
			.rules = rules,
			.options = options,
			.plan = plan,
	};
	if (!trial_judge(&trial, facts, false, ret_result, err))
		return false;
	model_sum_up(&trial.now, &trial.limits, ret_result);
	ret_result->breaks = load_at(&trial.now.loads, NAN);
	return true;
}

/* What the changes of the ladder do to each limit. */
static void note_after(const struct all_limits *after, struct result *r)
{
	const double hair = 1e-9;
	for (size_t i = 0; i < r->resource_count && i < after->count; i++) {
		struct resource *resource = &r->resources[i];
		const struct judgement *then = &after->items[i].worst;
		double was = resource->worst.max_safe_scale;
		double is = then->max_safe_scale;
		if (isnan(was) || isnan(is) || resource->worst.status == STATUS_UNKNOWN)
			continue;
		bool same = was == is || fabs(was - is) < hair;
		resource->moved = !same && then->status != STATUS_UNKNOWN;
		resource->after_scale = is;
		resource->after.status = then->status;
		resource->after.demand = then->demand;
		resource->after.capacity = then->capacity;
		resource->after.utilization = then->utilization;
	}
}

/* Does the ladder change this host or plan? More hosts do not. */
static bool ladder_changes(const struct result *r)
{
	for (size_t i = 0; i < r->fix_count; i++) {
		const struct fix *fix = &r->fixes[i];
		if (fix->in_ladder && fix->rule->kind != FIX_HOSTS)
			return true;
	}
	return false;
}

static const struct map *trial_map(const struct trial *trial,
		const struct state *later,
		const struct result *r)
{
	const struct map_question question = {
			.rules = trial->rules,
			.options = trial->options,
			.now = &trial->now,
			.after = ladder_changes(r) ? later : NULL,
			.no_plan = trial->options->no_plan,
			.too_old = r->too_old,
	};
	return map_of(trial->arena, &question);
}

/* Fixes, hosts and the plan over time. */
static bool trial_conclude(struct trial *trial, struct result *r, struct error *err)
{
	struct situation fixed;
	struct all_limits after;
	struct state later;
	struct arena *arena = trial->arena;
	const struct rules *rules = trial->rules;
	const struct model_options *options = trial->options;
	const struct all_limits *limits = &trial->limits;
	if (!ladder_climb(arena, rules, &trial->now, limits, options, r, &later, err))
		return false;
	if (!state_judge(arena, rules, &later, options, false, &fixed, &after, err))
		return false;
	note_after(&after, r);
	sizing_hosts(arena, limits, &after, r);
	sizing_curve(arena, limits, &after, r);
	drawn_timeline(&trial->situation, limits, r);
	if (options->map)
		r->map = trial_map(trial, &later, r);
	return true;
}

bool model_run(struct arena *arena,
		const struct rules *rules,
		const struct facts *facts,
		const struct loads *plan,
		const struct model_options *options,
		struct result *ret_result,
		struct error *err)
{
	struct result *r = ret_result;
	struct trial trial = {
			.arena = arena,
			.rules = rules,
			.options = options,
			.plan = plan,
	};
	if (!trial_judge(&trial, facts, true, r, err))
		return false;
	model_sum_up(&trial.now, &trial.limits, r);
	if (options->decides && r->verdict == VERDICT_UNKNOWN && !r->too_old)
		r->decides = decides_find(&trial, facts);
	present_all(&trial.situation, trial.limits.items);
	cover(arena, &trial.situation, &trial.limits, r);
	r->headline = headline_of(arena, r, options);
	expectation_make(&trial.situation, r, &r->expectation);
	if (!trial_conclude(&trial, r, err))
		return false;
	findings_collect(&trial.situation, &trial.limits, r);
	r->warnings = conclusion_warnings(r);
	return true;
}
