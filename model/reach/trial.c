/* Completes a plan, derives what follows from the facts for it, and judges it. */
#include "model/reach/trial.h"

#include <string.h>

#include "model/answer/age.h"
#include "model/answer/conclusion.h"
#include "model/closes/closer.h"
#include "model/queues/queues.h"
#include "model/tool/needs.h"

static bool check_ids(const struct rules *rules,
		const struct model_options *options,
		struct error *err)
{
	static const char ignored[] = "--ignore %.60s: unknown limit (for a list: headroom rules list)";
	static const char waived[] =
			"waiver for \"%.60s\": unknown limit (for a list: headroom rules list)";
	for (size_t i = 0; i < options->ignore_count; i++) {
		const char *id = options->ignore[i];
		if (!rules_limit(rules, id))
			return error_set(err, ignored, id);
	}
	for (size_t i = 0; i < options->waiver_count; i++) {
		const char *id = options->waivers[i].id;
		if (!rules_limit(rules, id))
			return error_set(err, waived, id);
	}
	return true;
}

static void add_assumptions(struct arena *arena,
		struct result *r,
		const struct assumption *own,
		size_t count,
		size_t load)
{
	struct assumption *all = arena_alloc(arena, (r->assumption_count + count + 1) * sizeof *all);
	if (r->assumption_count)
		memcpy(all, r->assumptions, r->assumption_count * sizeof *all);
	for (size_t i = 0; i < count; i++) {
		all[r->assumption_count] = own[i];
		all[r->assumption_count++].load = load;
	}
	r->assumptions = all;
}

/* Completes one load of the plan. */
static bool complete_load(const struct trial *trial,
		const struct facts *facts,
		struct loads *plan,
		size_t at,
		struct result *r,
		struct error *err)
{
	struct arena *arena = trial->arena;
	struct workload *load = &plan->items[at];
	struct assumption *own;
	size_t count;
	tool_needs_complete(trial->rules, load);
	if (!loads_complete_one(arena, plan, at, &own, &count, err))
		return false;
	closer_complete(arena, trial->rules, trial->options->pessimistic, load, &own, &count);
	queues_complete(arena, facts, load, own, count);
	add_assumptions(arena, r, own, count, at);
	return true;
}

/* Completes the plan, and derives what follows from the facts for it. */
static bool trial_prepare(struct trial *trial,
		const struct facts *facts,
		struct result *r,
		struct error *err)
{
	struct arena *arena = trial->arena;
	struct loads plan = loads_copy(arena, trial->plan);
	struct facts *of_host = facts_overlay(arena, facts);
	if (!check_ids(trial->rules, trial->options, err))
		return false;
	for (size_t i = 0; i < plan.count; i++)
		if (!complete_load(trial, of_host, &plan, i, r, err))
			return false;
	if (!loads_finish(arena, &plan, err))
		return false;
	trial->now = state_new(arena, trial->rules, of_host, &plan);
	r->facts = state_facts(arena, &trial->now);
	r->loads = plan;
	return true;
}

bool trial_judge(struct trial *trial,
		const struct facts *facts,
		bool texts,
		struct result *ret_result,
		struct error *err)
{
	static const char nothing[] = "no limit applies to this plan, so there is nothing to judge "
								  "(limits: headroom rules list)";
	struct all_limits *limits = &trial->limits;
	struct result *r = ret_result;
	*r = (struct result){
			.target = trial->options->target,
			.waivers = (struct waiver *)trial->options->waivers,
			.waiver_count = trial->options->waiver_count,
			.too_old = age_is_too_old(trial->options),
	};
	if (!trial_prepare(trial, facts, r, err))
		return false;
	if (!state_judge(trial->arena,
				trial->rules,
				&trial->now,
				trial->options,
				texts,
				&trial->situation,
				limits,
				err))
		return false;
	if (!conclusion_any_applies(limits))
		return error_set(err, nothing);
	r->resources = limits->items;
	r->resource_count = limits->count;
	return true;
}
