/* Climbs the ladder for loads that grow, and puts together what was found. */
#include "model/reach/reach.h"

#include <math.h>
#include <string.h>

#include "base/array.h"
#include "model/ladder/ladder.h"
#include "model/reach/trial.h"

/* How many times the example a load may become: the highest that settings of this host allow. */
static const double reach_times[] = {50, 40, 30, 20, 10, 5, 2, 1};

struct search_reach {
	struct arena *arena;
	const struct rules *rules;
	const struct facts *facts;
	const struct model_options *options;
	struct reach *reach;
	size_t capacity;
};

/* The example, so many times as large. */
static struct loads times_plan(struct arena *arena, const struct loads *plan, double by)
{
	static const enum workload_field fields[] = {W_CONNECTIONS, W_OPEN_RATE};
	struct loads larger = loads_copy(arena, plan);
	for (size_t i = 0; i < larger.count; i++) {
		struct workload_value *values = larger.items[i].values;
		for (size_t k = 0; k < COUNT_OF(fields); k++)
			values[fields[k]].number *= by;
	}
	return larger;
}

/* A setting of this host, or of the program: no other test, and no other host. */
static bool reach_is_setting(const struct fix *fix)
{
	return fix->in_ladder && fix->rule->kind != FIX_HOSTS && !fix->rule->test;
}

static bool only_settings(const struct result *r)
{
	bool fits = r->fix_count == 0;
	for (size_t i = 0; i < r->fix_count; i++) {
		const struct fix *fix = &r->fixes[i];
		if (fix->in_ladder && !reach_is_setting(fix))
			return false;
		fits = fits || (fix->in_ladder && fix->fits);
	}
	return fits;
}

static struct trial reach_trial(const struct search_reach *s, const struct loads *plan)
{
	return (struct trial){
			.arena = s->arena,
			.rules = s->rules,
			.options = s->options,
			.plan = plan,
	};
}

/* The ladder of the largest load that settings alone make fit; none where the plan fits as it is or
 * nothing helps. */
static bool climb_highest(const struct search_reach *s,
		const struct loads *plan,
		struct result *ret_result,
		struct state *ret_later,
		struct error *err)
{
	for (size_t i = 0; i < COUNT_OF(reach_times); i++) {
		const struct loads larger = times_plan(s->arena, plan, reach_times[i]);
		struct trial trial = reach_trial(s, &larger);
		if (!trial_judge(&trial, s->facts, false, ret_result, err))
			return false;
		if (!ladder_climb(s->arena,
					s->rules,
					&trial.now,
					&trial.limits,
					s->options,
					ret_result,
					ret_later,
					err))
			return false;
		if (trial.limits.safe_scale >= 1) /* it fits as the host is */
			ret_result->fix_count = 0;
		if (only_settings(ret_result))
			return true;
	}
	ret_result->fix_count = 0;
	return true;
}

static bool is_stronger(const struct reach_change *change, const struct reach_change *than)
{
	if (change->fix->rule->lower)
		return change->value < than->value;
	return change->value > than->value;
}

/* What another load asked for already is done once, and far enough for both. */
static void reach_add(struct search_reach *s, const struct reach_change *change)
{
	struct reach *reach = s->reach;
	for (size_t i = 0; i < reach->change_count; i++) {
		struct reach_change *known = &reach->changes[i];
		if (strcmp(known->fix->rule->target, change->fix->rule->target) != 0)
			continue;
		if (is_stronger(change, known))
			*known = *change;
		return;
	}
	reach->changes = arena_grow(s->arena,
			reach->changes,
			reach->change_count,
			&s->capacity,
			sizeof *reach->changes);
	reach->changes[reach->change_count++] = *change;
}

static bool collect_changes(struct search_reach *s, const struct loads *plan, struct error *err)
{
	struct result *result = arena_alloc(s->arena, sizeof *result);
	struct state later;
	if (!climb_highest(s, plan, result, &later, err))
		return false;
	for (size_t i = 0; i < result->fix_count; i++) {
		const struct fix *fix = &result->fixes[i];
		const struct trial_fix made = {fix->rule, fix->instance, 0};
		if (!reach_is_setting(fix))
			continue;
		const struct reach_change change = {.fix = fix, .value = change_current(&later, &made)};
		reach_add(s, &change);
	}
	return true;
}

/* What one load may be after each change. */
static bool follow_changes(struct search_reach *s,
		struct trial *trial,
		size_t load,
		struct state *ret_after,
		struct error *err)
{
	struct reach *reach = s->reach;
	struct situation situation;
	struct all_limits limits = trial->limits;
	*ret_after = trial->now;
	for (size_t i = 0; i < reach->change_count; i++) {
		const struct fix *fix = reach->changes[i].fix;
		const struct trial_fix made = {fix->rule, fix->instance, 0};
		*ret_after = change_apply(s->arena, s->rules, ret_after, &made, reach->changes[i].value);
		if (!state_judge(s->arena,
					s->rules,
					ret_after,
					s->options,
					false,
					&situation,
					&limits,
					err))
			return false;
		reach->changes[i].safe[load] = state_max_safe(ret_after, &limits);
	}
	reach->safe[load] = state_max_safe(ret_after, &limits);
	if (limits.binding)
		reach->binds[load] = limits.binding->rule;
	return true;
}

static const struct map *reach_map(const struct search_reach *s,
		const struct trial *trial,
		const struct state *after,
		bool too_old)
{
	const struct map_question question = {
			.rules = s->rules,
			.options = s->options,
			.now = &trial->now,
			.after = s->reach->change_count > 0 ? after : NULL,
			.no_plan = true,
			.too_old = too_old,
	};
	return map_of(s->arena, &question);
}

bool reach_find(struct arena *arena,
		const struct rules *rules,
		const struct facts *facts,
		const struct loads *plans,
		const struct model_options *options,
		struct reach *ret_reach,
		struct error *err)
{
	struct search_reach s = {arena, rules, facts, options, ret_reach, 0};
	*ret_reach = (struct reach){.change_count = 0};
	for (size_t i = 0; i < REACH_LOADS; i++)
		if (!collect_changes(&s, &plans[i], err))
			return false;
	for (size_t i = 0; i < REACH_LOADS; i++) {
		struct trial trial = reach_trial(&s, &plans[i]);
		struct result result;
		struct state after;
		if (!trial_judge(&trial, facts, false, &result, err))
			return false;
		if (!follow_changes(&s, &trial, i, &after, err))
			return false;
		if (i == 0)
			ret_reach->map = reach_map(&s, &trial, &after, result.too_old);
	}
	return true;
}
