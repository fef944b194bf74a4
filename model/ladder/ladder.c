/* Climbs the ladder. */
#include "model/ladder/ladder.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "model/ladder/ladder_fix.h"
#include "model/ladder/unhelped.h"

enum {
	RUNGS_MAX = 24
};

/* Does the limit let the whole plan pass? */
static bool lets_pass(const struct climb *c,
		const struct all_limits *limits,
		const struct limit_rule *rule)
{
	const struct judgement *j = &limits->items[rule - c->rules->limits].worst;
	if (j->status == STATUS_NOT_APPLICABLE)
		return true;
	return j->max_safe_scale >= 1 && j->status != STATUS_FAIL;
}

static double safe_scale(const struct all_limits *limits)
{
	if (!limits->binding)
		return INFINITY;
	return limits->binding->max_safe_scale;
}

/* As much of the same thing as an earlier fix sets, but with more changes than that one needs. */
static bool is_there_already(const struct climb *c, const struct trial_fix *tried, double to)
{
	const struct fix_rule *rule = tried->rule;
	const char *target = rule->target;
	for (size_t i = 0; i < c->count; i++) {
		const struct fix *fix = &c->fixes[i];
		if (rule->also.count == 0 || fix->change_count == 0)
			continue;
		if (strcmp(fix->rule->target, target) != 0 || fix->load != tried->load)
			continue;
		if (fix->changes[0].to >= to)
			return true;
	}
	return false;
}

struct load_point state_max_safe(const struct state *state, const struct all_limits *limits)
{
	struct load_point point = load_at(&state->loads, limits->most_scale);
	point.at_most = limits->at_most;
	point.without = limits->without;
	return point;
}

/* A fix of the plan can be made for each of its loads. */
static bool ladder_used(const struct climb *c, const struct trial_fix *tried)
{
	bool of_load = tried->rule->kind == FIX_WORKLOAD;
	for (size_t i = 0; i < c->count; i++) {
		const struct fix *fix = &c->fixes[i];
		bool same_load = !of_load || fix->load == tried->load;
		if (same_load && !strcmp(fix->rule->id, tried->rule->id))
			return true;
	}
	return false;
}

/* A limit that fails, in a state of host and plan. */
struct failing {
	const struct state *state;
	const struct all_limits *limits;
	const struct judgement *j;
};

/* Tries one fix in a state; on success fills *fix and *ret_after. */
static bool try_for_load(struct climb *c,
		const struct failing *failing,
		const struct trial_fix *tried,
		struct fix *fix,
		struct state *ret_after)
{
	const struct state *state = failing->state;
	const struct judgement *j = failing->j;
	double to, from = change_current(state, tried);
	struct situation situation;
	struct all_limits after;
	struct error err;
	if (ladder_used(c, tried))
		return false;
	if (!change_find(c->rules, state, c->options, tried, j->rule, &to))
		return false;
	if (is_there_already(c, tried, to))
		return false;
	*ret_after = change_apply(c->arena, c->rules, state, tried, to);
	if (!state_judge(c->arena, c->rules, ret_after, c->options, false, &situation, &after, &err))
		return false;
	*fix = (struct fix){
			.rule = tried->rule,
			.resource = j->rule->id,
			.instance = j->instance,
			.load = tried->load,
	};
	if (tried->rule->kind == FIX_WORKLOAD && state->loads.count > 1)
		fix->load_name = loads_name(c->arena, &state->loads, tried->load);
	fix->before = state_max_safe(state, failing->limits);
	fix->after = state_max_safe(ret_after, &after);
	if (after.binding)
		fix->next = after.binding->rule->id;
	fix->fits = safe_scale(&after) >= 1 && !after.at_most;
	fix->enough = lets_pass(c, &after, j->rule);
	const struct fix_trial trial = {state, ret_after, from, to};
	ladder_fill_fix(c, fix, &trial);
	return true;
}

/* The same for each load that the limit is about: a change of the host once, a change of the plan
 * where it gains most. */
static bool try_fix(struct climb *c,
		const struct failing *failing,
		const struct fix_rule *rule,
		struct fix *fix,
		struct state *ret_after)
{
	const struct instance *at = failing->j->at;
	bool found = false;
	for (size_t i = 0; i < at->member_count; i++) {
		const struct member *member = &at->members[i];
		const struct trial_fix tried = {rule, member->name, member->load->at};
		struct fix one;
		struct state after;
		if (found && rule->kind != FIX_WORKLOAD)
			break;
		if (!try_for_load(c, failing, &tried, &one, &after))
			continue;
		if (found && one.after.scale <= fix->after.scale)
			continue;
		*fix = one;
		*ret_after = after;
		found = true;
	}
	return found;
}

/* The command that makes the container has those of all steps. */
static void keep_options(struct climb *c, const struct name_list *options)
{
	struct name_list *kept = &c->engine_options;
	for (size_t i = 0; i < options->count; i++)
		name_list_append(c->arena, kept, options->items[i]);
}

static void ladder_add_fix(struct climb *c, struct fix fix, bool in_ladder)
{
	fix.in_ladder = in_ladder;
	if (in_ladder)
		keep_options(c, &fix.form.options);
	c->fixes = arena_grow(c->arena, c->fixes, c->count, &c->capacity, sizeof fix);
	c->fixes[c->count++] = fix;
}

/* More hosts: the last rung, where the limits divide. */
static void hosts_rung(struct climb *c,
		const struct state *state,
		const struct all_limits *limits,
		const struct fix_rule *rule,
		bool in_ladder)
{
	double hosts = hosts_needed(limits, 1);
	const struct trial_fix tried = {.rule = rule};
	if (isnan(hosts) || hosts <= 1 || ladder_used(c, &tried))
		return;
	struct fix fix = {.rule = rule,
			.resource = limits->binding->rule->id,
			.instance = limits->binding->instance};
	fix.before = fix.after = state_max_safe(state, limits);
	struct load_point together = load_at(&state->loads, safe_scale(limits) * hosts);
	fix.after.scale = together.scale;
	fix.after.connections = together.connections;
	fix.after.open_rate_per_s = together.open_rate_per_s;
	fix.fits = !limits->at_most;
	const struct fix_trial trial = {state, state, 1, hosts};
	ladder_fill_fix(c, &fix, &trial);
	ladder_add_fix(c, fix, in_ladder);
}

/* The best of the limit's fixes that change the load test, or of those that do not: the first that
 * is enough by itself, else the first that helps. */
static bool best_fix(struct climb *c,
		const struct failing *failing,
		bool test,
		struct fix *ret_fix,
		struct state *ret_after)
{
	const struct rule_text_list *ids = &failing->j->rule->fixes;
	bool found = false;
	for (size_t i = 0; i < ids->count; i++) {
		const struct fix_rule *rule = rules_fix(c->rules, ids->items[i]);
		struct state after;
		struct fix fix;
		if (!rule || rule->kind == FIX_HOSTS || rule->test != test)
			continue;
		if (!try_fix(c, failing, rule, &fix, &after))
			continue;
		if (fix.after.scale < fix.before.scale || (found && !fix.enough))
			continue;
		*ret_fix = fix;
		*ret_after = after;
		found = true;
		if (fix.enough)
			return true;
	}
	return found;
}

/* The one that has to be there in any case (c->first). */
static bool first_fix(struct climb *c,
		const struct failing *failing,
		struct fix *ret_fix,
		struct state *ret_after)
{
	const struct fix *first = &c->first;
	if (!first->rule || strcmp(first->resource, failing->j->rule->id) != 0)
		return false;
	if (!try_fix(c, failing, first->rule, ret_fix, ret_after))
		return false;
	ret_fix->behind = first->behind;
	ret_fix->form.note = first->form.note;
	return true;
}

/* One rung for this limit: what changes the host comes before what changes the test. */
static bool climb_one(struct climb *c,
		struct state *state,
		const struct all_limits *limits,
		const struct judgement *j)
{
	const struct failing failing = {state, limits, j};
	struct state after;
	struct fix fix;
	bool found = first_fix(c, &failing, &fix, &after);
	if (!found)
		found = best_fix(c, &failing, false, &fix, &after);
	if (!found)
		found = best_fix(c, &failing, true, &fix, &after);
	if (!found)
		return false;
	ladder_add_fix(c, fix, true);
	*state = after;
	return true;
}

/* Nothing is known of it but that it exists: no fix can be sought. */
static bool is_open(const struct judgement *j)
{
	return j->status == STATUS_UNKNOWN && j->max_safe_scale <= 0;
}

/* The limit that is passed first, of those that something may still help; NULL: there is none. */
static const struct judgement *next_failing(const struct climb *c, const struct all_limits *limits)
{
	const struct judgement *next = NULL;
	for (size_t i = 0; i < limits->count; i++) {
		const struct judgement *j = &limits->items[i].worst;
		double scale = j->max_safe_scale;
		if (!judgement_counts(j) || !(scale < 1) || is_open(j))
			continue;
		if (name_list_has(&c->stuck, j->rule->id))
			continue;
		if (!next || scale < next->max_safe_scale)
			next = j;
	}
	return next;
}

/* The state without an advisory limit: as if its own fix were made. False: it has none that works.
 */
static bool ladder_lift(struct climb *c,
		const struct failing *capped,
		struct state *ret_lifted,
		struct all_limits *ret_limits)
{
	struct situation situation;
	struct error err;
	struct fix fix;
	const struct rule_text_list *ids = &capped->j->rule->fixes;
	for (size_t i = 0; i < ids->count; i++) {
		const struct fix_rule *rule = rules_fix(c->rules, ids->items[i]);
		if (!rule || rule->kind == FIX_HOSTS || rule->test)
			continue;
		if (!try_fix(c, capped, rule, &fix, ret_lifted) || !fix.enough)
			continue;
		return state_judge(c->arena,
				c->rules,
				ret_lifted,
				c->options,
				false,
				&situation,
				ret_limits,
				&err);
	}
	return false;
}

static const char *behind_note(const struct climb *c, const struct judgement *capped)
{
	char at[NUMBER_TEXT_MAX];
	return arena_printf(c->arena,
			"Without it the plan would rely on a side effect: the kernel stops keeping %s at "
			"%s, a number that depends on the machine's memory. %s",
			limit_phrase(capped->rule),
			text_number(at, capped->capacity, UNIT_COUNT),
			capped->rule->why);
}

/* A limit may pass only because an advisory one takes away what fills it: a kernel that is out of
 * TIME_WAIT buckets ends TIME_WAIT early, and that leaves ports free. The number of buckets follows
 * from a machine's memory, so such a plan passes on a small machine and fails on a larger one; what
 * mends it there is set on both. In the ladder where there is one, else beside a plan that passes.
 */
static bool rung_behind(struct climb *c, struct state *state, const struct failing *capped)
{
	struct state lifted;
	struct all_limits then;
	const size_t at = c->count;
	bool climbs = at > 0;
	if (!ladder_lift(c, capped, &lifted, &then))
		return false;
	const struct judgement *hidden = next_failing(c, &then);
	if (!hidden || !climb_one(c, &lifted, &then, hidden))
		return false;
	struct fix *fix = &c->fixes[at];
	double to = fix->change_count > 0 ? fix->changes[0].to : (double)NAN;
	if (!fix->enough || isnan(to)) {
		c->count = at;
		return false;
	}
	const struct trial_fix made = {fix->rule, fix->instance, fix->load};
	fix->behind = capped->j->rule->id;
	fix->form.note = behind_note(c, capped->j);
	fix->before = fix->after = state_max_safe(state, capped->limits);
	fix->in_ladder = climbs;
	fix->advisory = !climbs;
	*state = change_apply(c->arena, c->rules, state, &made, to);
	return climbs;
}

/* True if a rung was added: judge again. */
static bool rungs_behind(struct climb *c, struct state *state, const struct all_limits *limits)
{
	if (safe_scale(limits) < 1 || limits->at_most)
		return false;
	for (size_t i = 0; i < limits->count; i++) {
		const struct failing capped = {state, limits, &limits->items[i].worst};
		if (capped.j->status == STATUS_WARN && capped.j->rule->severity == SEVERITY_ADVISORY)
			if (rung_behind(c, state, &capped))
				return true;
	}
	return false;
}

/* More hosts, if the limits that nothing else helps divide. */
static void last_rung(struct climb *c, const struct state *state, const struct all_limits *limits)
{
	if (c->stuck.count == 0 || safe_scale(limits) >= 1)
		return;
	const struct rule_text_list *ids = &limits->binding->rule->fixes;
	for (size_t i = 0; i < ids->count; i++) {
		const char *id = ids->items[i];
		const struct fix_rule *hosts = rules_fix(c->rules, id);
		if (!hosts || hosts->kind != FIX_HOSTS)
			continue;
		hosts_rung(c, state, limits, hosts, true);
	}
}

/* Does the ladder end with a fix that is enough for the limit? A part of the way is none then. */
static bool is_solved(const struct climb *c, const struct judgement *j)
{
	for (size_t i = 0; i < c->count; i++) {
		const struct fix *fix = &c->fixes[i];
		if (fix->in_ladder && fix->enough && !strcmp(fix->resource, j->rule->id))
			return true;
	}
	return false;
}

/* What else would do for the limit that binds now. */
static void alternatives(struct climb *c,
		const struct state *now,
		const struct all_limits *limits,
		const struct judgement *j)
{
	const struct failing failing = {now, limits, j};
	for (size_t i = 0; i < j->rule->fixes.count; i++) {
		const struct fix_rule *rule = rules_fix(c->rules, j->rule->fixes.items[i]);
		struct state after;
		struct fix fix;
		if (!rule)
			continue;
		if (rule->kind == FIX_HOSTS && limits->binding == j)
			hosts_rung(c, now, limits, rule, false);
		else if (rule->kind != FIX_HOSTS && try_fix(c, &failing, rule, &fix, &after)) {
			if (!fix.enough && is_solved(c, j))
				continue;
			/* What clears a warning must not break the plan. */
			if (fix.after.scale < 1 && fix.before.scale >= 1)
				continue;
			fix.advisory = j->status == STATUS_WARN;
			ladder_add_fix(c, fix, false);
		}
	}
}

/* Rung by rung, until nothing fails or nothing helps. */
static bool climb_all(struct climb *c,
		const struct state *now,
		const struct all_limits *limits,
		struct state *ret_after,
		struct all_limits *ret_current,
		struct error *err)
{
	struct situation situation;
	const struct judgement *next;
	*ret_after = *now;
	*ret_current = *limits;
	for (int rung = 0; rung < RUNGS_MAX && (next = next_failing(c, ret_current)); rung++) {
		if (!climb_one(c, ret_after, ret_current, next)) {
			name_list_append(c->arena, &c->stuck, next->rule->id);
			continue;
		}
		if (!state_judge(c->arena,
					c->rules,
					ret_after,
					c->options,
					false,
					&situation,
					ret_current,
					err))
			return false;
	}
	return true;
}

/* Once more, now that it is known which fix has to be there: what it makes superfluous is left out,
 * so that machines of all sizes get the same. */
static bool climb_again(struct climb *c,
		const struct state *now,
		const struct all_limits *limits,
		struct state *ret_after,
		struct all_limits *ret_current,
		struct error *err)
{
	struct situation situation;
	c->first = c->fixes[c->count - 1];
	c->count = 0;
	c->stuck = c->engine_options = (struct name_list){0};
	if (!climb_all(c, now, limits, ret_after, ret_current, err))
		return false;
	const struct trial_fix made = {.rule = c->first.rule, .load = c->first.load};
	if (ladder_used(c, &made) || !rungs_behind(c, ret_after, ret_current))
		return true;
	return state_judge(c->arena,
			c->rules,
			ret_after,
			c->options,
			false,
			&situation,
			ret_current,
			err);
}

bool ladder_climb(struct arena *arena,
		const struct rules *rules,
		const struct state *now,
		const struct all_limits *limits,
		const struct model_options *options,
		struct result *ret_result,
		struct state *ret_after,
		struct error *err)
{
	const struct limit_holder from_facts = holder_of_facts(now->facts[0]);
	struct climb c = {
			.arena = arena,
			.holder = &from_facts,
			.facts = now->facts[0],
			.rules = rules,
			.options = options,
	};
	if (options->holder)
		c.holder = options->holder;
	struct all_limits current;
	if (!climb_all(&c, now, limits, ret_after, &current, err))
		return false;
	if (rungs_behind(&c, ret_after, &current) &&
			!climb_again(&c, now, limits, ret_after, &current, err))
		return false;
	last_rung(&c, ret_after, &current);
	unhelped_explain(&c, limits, &current);
	if (safe_scale(limits) < 1)
		alternatives(&c, now, limits, limits->binding);
	for (size_t i = 0; i < limits->count; i++)
		if (limits->items[i].worst.status == STATUS_WARN)
			alternatives(&c, now, limits, &limits->items[i].worst);
	ret_result->fixes = c.fixes;
	ret_result->fix_count = c.count;
	return true;
}
