/* Climbs the ladder. Texts of a fix (command, persistent forms, undo) come from its rule
 * (model/text/fix_text.h). */
#include "model/ladder.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "model/derive.h"
#include "model/text/fix_text.h"

enum {
	RUNGS_MAX = 8
};

struct climb {
	struct arena *arena;
	const struct rules *rules;
	const struct model_options *options;
	struct fix *fixes;
	size_t count, capacity;
};

/* The other side of proxies counts where no client has a connection that stays. */
static double live_of(const struct loads *loads)
{
	double upstream = 0;
	if (loads->peak_connections > 0)
		return loads->peak_connections;
	for (size_t i = 0; i < loads->count; i++) {
		const struct workload_value *v = loads->items[i].values;
		bool proxy = v[W_ROLE].text && !strcmp(v[W_ROLE].text, "proxy");
		if (proxy)
			upstream += v[W_UP_CONNECTIONS].number;
	}
	return upstream;
}

struct load_point load_at(const struct loads *loads, double scale)
{
	double live = live_of(loads), rate = loads_open_rate(loads);
	struct load_point point = {.scale = scale};
	if (isfinite(scale)) {
		double count = scale * live;
		point.connections = floor(count + 1e-6 + count * 1e-9);
		point.open_rate_per_s = scale * rate;
		return point;
	}
	if (live > 0)
		point.connections = scale;
	if (rate > 0)
		point.open_rate_per_s = scale;
	return point;
}

double hosts_for(double lowest, double share)
{
	if (lowest <= 0)
		return NAN;
	if (isinf(lowest))
		return 1;
	return fmax(1, ceil(share / lowest - 1e-9));
}

double hosts_needed(const struct all_limits *limits, double share)
{
	double lowest = INFINITY;
	for (size_t i = 0; i < limits->count; i++) {
		const struct judgement *j = &limits->items[i].worst;
		if (!judgement_counts(j))
			continue;
		if (j->status == STATUS_FAIL && !j->rule->divides)
			return NAN;
		if (!isnan(j->max_safe_scale) && j->rule->divides)
			lowest = fmin(lowest, j->max_safe_scale);
	}
	return hosts_for(lowest, share);
}

/* As the load sees them that the fix is tried for. */
static const struct facts *facts_for(const struct state *state, const struct fix *fix)
{
	return state->facts[fix->load];
}

static const char range_key[] = "net.ipv4.ip_local_port_range",
				  reserved_key[] = "net.ipv4.ip_local_reserved_ports";

static const char *fact_text_or(const struct facts *facts, const char *key, const char *otherwise)
{
	const char *text = facts_text(facts, key);
	return text ? text : otherwise;
}

static void fill_texts(struct climb *c,
		struct fix *fix,
		const struct state *before,
		const struct state *after,
		double from,
		double to)
{
	const struct fix_change change = {
			.rule = fix->rule,
			.before = facts_for(before, fix),
			.after = facts_for(after, fix),
			.from = from,
			.to = to,
	};
	const struct fix_texts texts = fix_texts_of(c->arena, &change);
	fix->command = texts.command;
	fix->undo = texts.undo;
	fix->persistent = texts.persistent;
	fix->title = texts.title;
	if (fix->load_name) { /* a change of the test: its command is a sentence */
		fix->title = arena_printf(c->arena, "%s: %s", fix->load_name, fix->title);
		fix->command = arena_printf(c->arena, "%s: %s", fix->load_name, fix->command);
	}
}

static void ladder_add_change(struct climb *c, struct fix *fix, struct change change)
{
	struct change *all = arena_alloc(c->arena, (fix->change_count + 1) * sizeof *all);
	if (fix->change_count)
		memcpy(all, fix->changes, fix->change_count * sizeof *all);
	all[fix->change_count++] = change;
	fix->changes = all;
}

static void text_change(struct climb *c,
		struct fix *fix,
		const char *key,
		const char *from,
		const char *to)
{
	if (strcmp(from, to))
		ladder_add_change(c,
				fix,
				(struct change){.key = key,
						.from = NAN,
						.to = NAN,
						.from_text = from,
						.to_text = to});
}

static void note_changes(struct climb *c,
		struct fix *fix,
		const struct state *before,
		const struct state *after,
		double from,
		double to)
{
	const struct facts *was = facts_for(before, fix), *is = facts_for(after, fix);
	if (!strcmp(fix->rule->target, "ports.low") && facts_text(was, range_key)) {
		text_change(c, fix, range_key, facts_text(was, range_key), facts_text(is, range_key));
		text_change(c,
				fix,
				reserved_key,
				fact_text_or(was, reserved_key, ""),
				fact_text_or(is, reserved_key, ""));
		return;
	}
	ladder_add_change(c, fix, (struct change){.key = fix->rule->target, .from = from, .to = to});
	for (size_t i = 0; i < fix->rule->also.count; i++) {
		const char *key = fix->rule->also.items[i];
		double old = facts_number(was, key), new = facts_number(is, key);
		if (!isnan(new) && new != old)
			ladder_add_change(c, fix, (struct change){.key = key, .from = old, .to = new});
	}
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

/* Tries one fix in a state; on success fills *fix and *ret_after. */
static bool try_for_load(struct climb *c,
		const struct state *state,
		const struct all_limits *limits,
		const struct trial_fix *tried,
		const struct judgement *j,
		struct fix *fix,
		struct state *ret_after)
{
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
	fix->before = state_max_safe(state, limits);
	fix->after = state_max_safe(ret_after, &after);
	if (after.binding)
		fix->next = after.binding->rule->id;
	fix->fits = safe_scale(&after) >= 1 && !after.at_most;
	fill_texts(c, fix, state, ret_after, from, to);
	note_changes(c, fix, state, ret_after, from, to);
	return true;
}

/* The same for each load that the limit is about: a change of the host once, a change of the plan
 * where it gains most. */
static bool try_fix(struct climb *c,
		const struct state *state,
		const struct all_limits *limits,
		const struct fix_rule *rule,
		const struct judgement *j,
		struct fix *fix,
		struct state *ret_after)
{
	bool found = false;
	for (size_t i = 0; i < j->at->member_count; i++) {
		const struct member *member = &j->at->members[i];
		const struct trial_fix tried = {rule, member->name, member->load->at};
		struct fix one;
		struct state after;
		if (found && rule->kind != FIX_WORKLOAD)
			break;
		if (!try_for_load(c, state, limits, &tried, j, &one, &after))
			continue;
		if (found && one.after.scale <= fix->after.scale)
			continue;
		*fix = one;
		*ret_after = after;
		found = true;
	}
	return found;
}

static void ladder_add_fix(struct climb *c, struct fix fix, bool in_ladder)
{
	fix.in_ladder = in_ladder;
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
	fill_texts(c, &fix, state, state, 1, hosts);
	ladder_add_change(c, &fix, (struct change){.key = "hosts", .from = 1, .to = hosts});
	ladder_add_fix(c, fix, in_ladder);
}

/* One rung: the first fix of what binds that raises the highest safe load. */
static bool climb_one(struct climb *c,
		struct state *state,
		struct all_limits *limits,
		const struct state *hosts_of)
{
	const struct judgement *binding = limits->binding;
	for (size_t i = 0; i < binding->rule->fixes.count; i++) {
		const struct fix_rule *rule = rules_fix(c->rules, binding->rule->fixes.items[i]);
		struct state after;
		struct fix fix;
		if (!rule)
			continue;
		if (rule->kind == FIX_HOSTS) {
			hosts_rung(c, hosts_of, limits, rule, true);
			return false;
		}
		if (!try_fix(c, state, limits, rule, binding, &fix, &after) ||
				!(fix.after.scale > fix.before.scale))
			continue;
		ladder_add_fix(c, fix, true);
		*state = after;
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
	for (size_t i = 0; i < j->rule->fixes.count; i++) {
		const struct fix_rule *rule = rules_fix(c->rules, j->rule->fixes.items[i]);
		struct state after;
		struct fix fix;
		if (!rule)
			continue;
		if (rule->kind == FIX_HOSTS && limits->binding == j)
			hosts_rung(c, now, limits, rule, false);
		else if (rule->kind != FIX_HOSTS && try_fix(c, now, limits, rule, j, &fix, &after)) {
			fix.advisory = j->status == STATUS_WARN;
			ladder_add_fix(c, fix, false);
		}
	}
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
	struct climb c = {.arena = arena, .rules = rules, .options = options};
	struct all_limits current = *limits;
	struct situation situation;
	*ret_after = *now;
	for (int rung = 0; rung < RUNGS_MAX && safe_scale(&current) < 1; rung++) {
		if (!climb_one(&c, ret_after, &current, ret_after))
			break;
		if (!state_judge(arena, rules, ret_after, options, false, &situation, &current, err))
			return false;
	}
	if (safe_scale(limits) < 1)
		alternatives(&c, now, limits, limits->binding);
	for (size_t i = 0; i < limits->count; i++)
		if (limits->items[i].worst.status == STATUS_WARN)
			alternatives(&c, now, limits, &limits->items[i].worst);
	ret_result->fixes = c.fixes;
	ret_result->fix_count = c.count;
	return true;
}
