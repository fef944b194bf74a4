/* Hypothetical fixes. Facts are overlaid, never changed; every trial has its own arena. */
#include "model/change.h"

#include <math.h>
#include <string.h>

#include "base/text.h"
#include "model/derive.h"

static const double value_max =
		1099511627776.0; /* 2^40: more than any of these limits is ever set to */

bool judgement_counts(const struct judgement *j)
{
	return j->severity == SEVERITY_HARD && j->status != STATUS_NOT_APPLICABLE && !j->ignored;
}

bool judgement_decides(const struct judgement *j)
{
	return judgement_counts(j) && !j->waived;
}

static bool is_left_out(const struct judgement *j)
{
	return j->ignored && j->severity == SEVERITY_HARD && j->status != STATUS_NOT_APPLICABLE;
}

static const struct name_list *left_out(struct arena *arena, const struct all_limits *limits)
{
	struct name_list *without = NULL;
	for (size_t i = 0; i < limits->count; i++) {
		const struct judgement *j = &limits->items[i].worst;
		if (!is_left_out(j))
			continue;
		if (!without)
			without = arena_alloc(arena, sizeof *without);
		name_list_append(arena, without, j->rule->id);
	}
	return without;
}

/* Nothing can be said of it but that it exists: no fix of it can be sought, so it does not bind. */
static bool is_blank(const struct judgement *j)
{
	return j->status == STATUS_UNKNOWN && j->max_safe_scale <= 0;
}

static void state_take(struct all_limits *limits, const struct judgement *j)
{
	double scale = j->max_safe_scale;
	if (!judgement_counts(j) || isnan(scale) || isinf(scale))
		return;
	limits->safe_scale = fmin(limits->safe_scale, scale);
	if (is_blank(j)) {
		limits->at_most = true;
		limits->most_scale = fmin(limits->most_scale, j->at_best_scale);
		return;
	}
	limits->most_scale = fmin(limits->most_scale, scale);
	if (!limits->binding || scale < limits->binding->max_safe_scale)
		limits->binding = j;
}

bool state_judge(struct arena *arena,
		const struct rules *rules,
		const struct state *state,
		const struct model_options *options,
		bool texts,
		struct situation *ret_situation,
		struct all_limits *ret_limits,
		struct error *err)
{
	if (!situation_build(arena, rules, state, options, ret_situation, err))
		return false;
	*ret_limits = (struct all_limits){.count = rules->limit_count,
			.safe_scale = INFINITY,
			.most_scale = INFINITY};
	ret_limits->items = arena_alloc(arena, rules->limit_count * sizeof *ret_limits->items);
	for (size_t i = 0; i < rules->limit_count; i++) {
		evaluate_limit(ret_situation, &rules->limits[i], texts, &ret_limits->items[i]);
		state_take(ret_limits, &ret_limits->items[i].worst);
	}
	ret_limits->without = left_out(arena, ret_limits);
	return true;
}

struct judgement state_judge_one(struct arena *arena,
		const struct rules *rules,
		const struct state *state,
		const struct model_options *options,
		const struct limit_rule *rule)
{
	struct situation situation;
	struct resource resource = {
			.worst = {.status = STATUS_UNKNOWN, .max_safe_scale = NAN, .at_best_scale = NAN}};
	struct error err;
	if (situation_build(arena, rules, state, options, &situation, &err))
		evaluate_limit(&situation, rule, false, &resource);
	return resource.worst;
}

static int field_named(const char *name)
{
	for (int i = 0; i < WORKLOAD_FIELDS; i++)
		if (!strcmp(name, workload_rows[i].name))
			return i;
	return -1;
}

/* Facts of a host have no instance. */
static const char *instance_of_key(const char *key, const char *instance)
{
	if (text_begins_with(key, "beam.") || text_begins_with(key, "listener."))
		return instance;
	return "";
}

static void set_fact(struct facts *facts, const char *key, const char *instance, double value)
{
	const char *which = instance_of_key(key, instance);
	const struct fact *old = facts_get(facts, key, which);
	if (!old || old->status != FACT_KNOWN || old->number >= value)
		return; /* raise only, and only what is there */
	facts_put_number(facts, key, which, value, old->unit, NULL)->origin = ORIGIN_PROPOSED;
}

static void set_fixed(struct facts *facts, const char *key, const char *instance, double value)
{
	const char *which = instance_of_key(key, instance);
	const struct fact *old = facts_get(facts, key, which);
	enum unit unit = UNIT_COUNT;
	if (old)
		unit = old->unit;
	struct fact *fact = facts_put_number(facts, key, which, value, unit, NULL);
	fact->origin = ORIGIN_PROPOSED;
}

/* As many connections as before, with another lifetime. They are there from the first second: at a
 * rate of 0, a plan that starts empty would never have any. */
static void keep_connections(struct workload_value *values, double lifetime)
{
	double live = values[W_CONNECTIONS].number;
	struct workload_value *start = &values[W_START];
	values[W_OPEN_RATE].number = live / lifetime; /* 0 for those that stay */
	if (!start->text)
		return;
	if (!strcmp(start->text, "empty"))
		start->text = "steady";
}

static void change_workload(struct arena *arena,
		struct loads *loads,
		const struct trial_fix *fix,
		int field,
		double value)
{
	struct workload *workload = &loads->items[fix->load];
	struct workload_value *values = workload->values;
	values[field] = (struct workload_value){
			.set = true,
			.number = value,
			.text = fix->rule->word,
			.from = "proposed",
	};
	if (field == W_LIFETIME && !workload->stage_count)
		keep_connections(values, value);
	workload_measure(arena, workload);
	loads_measure(arena, loads);
}

static void change_range(struct facts *facts, double value)
{
	unsigned low, high;
	if (!derive_range(facts, &low, &high))
		return;
	if (value <= 1024) /* at the lowest port the top is opened as well */
		high = 65535;
	derive_set_range(facts, (unsigned)value, high);
}

static void change_range_up(struct facts *facts, double value)
{
	unsigned low, high;
	if (derive_range(facts, &low, &high))
		derive_set_range(facts, low, (unsigned)fmax(value, high));
}

static void change_facts(struct facts *facts, const struct trial_fix *fix, double value)
{
	const struct fix_rule *rule = fix->rule;
	if (rule->kind == FIX_FACT && !strcmp(rule->target, "ports.low")) {
		change_range(facts, value);
		return;
	}
	if (rule->kind == FIX_FACT && !strcmp(rule->target, "ports.high")) {
		change_range_up(facts, value);
		return;
	}
	if (rule->kind == FIX_FACT && (rule->set || rule->lower))
		set_fixed(facts, rule->target, fix->instance, value);
	else if (rule->kind == FIX_FACT)
		set_fact(facts, rule->target, fix->instance, value);
	for (size_t i = 0; i < rule->also.count; i++)
		set_fact(facts, rule->also.items[i], fix->instance, value);
}

/* Every load sees the host as it is changed. */
static void change_host(struct arena *arena,
		const struct rules *rules,
		const struct trial_fix *fix,
		double value,
		struct state *state)
{
	const struct facts **before = state->facts;
	size_t count = state->loads.count;
	state->facts = arena_alloc(arena, count * sizeof *state->facts);
	for (size_t i = 0; i < count; i++) {
		struct facts *facts = facts_overlay(arena, before[i]);
		change_facts(facts, fix, value);
		state_put_facts(state, rules, i, facts);
	}
}

struct state change_apply(struct arena *arena,
		const struct rules *rules,
		const struct state *state,
		const struct trial_fix *fix,
		double value)
{
	const struct fix_rule *rule = fix->rule;
	struct state after = *state;
	if (rule->kind == FIX_FACT)
		change_host(arena, rules, fix, value, &after);
	if (rule->kind != FIX_WORKLOAD)
		return after;
	int field = field_named(rule->target);
	after.loads = loads_copy(arena, &state->loads);
	if (field >= 0)
		change_workload(arena, &after.loads, fix, field, value);
	after.courses = courses_new(arena, &after.loads);
	/* A plan that names its backlog no longer goes by a listener that is there. */
	if (rule->also.count || field == W_BACKLOG)
		change_host(arena, rules, fix, value, &after);
	return after;
}

double change_current(const struct state *state, const struct trial_fix *fix)
{
	const struct fix_rule *rule = fix->rule;
	if (rule->kind == FIX_WORKLOAD) {
		int field = field_named(rule->target);
		const struct workload_value *values = state->loads.items[fix->load].values;
		if (field < 0 || !values[field].set || rule->word)
			return NAN;
		return values[field].number;
	}
	const char *which = instance_of_key(rule->target, fix->instance);
	const struct fact *fact = facts_get(state->facts[fix->load], rule->target, which);
	if (!fact || fact->status != FACT_KNOWN || fact->unit == UNIT_TEXT)
		return NAN;
	return fact->number;
}

static double round_value(const struct fix_rule *fix, double value, double limit)
{
	double rounded = value;
	if (fix->rounding == ROUND_POW2)
		rounded = exp2(ceil(log2(fmax(1, value)) - 1e-12));
	if (fix->lower) {
		if (fix->rounding == ROUND_1000)
			rounded = floor(value / 1000) * 1000;
		return fmax(rounded, limit);
	}
	if (fix->rounding == ROUND_1000)
		rounded = ceil(value / 1000) * 1000;
	return fmin(rounded, limit);
}

struct search {
	const struct rules *rules;
	const struct state *state;
	const struct model_options *options;
	const struct trial_fix *at;
	const struct fix_rule *fix;
	const struct limit_rule *rule;
	bool at_best; /* what could not be read counts at best: at worst nothing would ever fit */
	enum status before;
};

/* The limit's judgement with the fix at `value`. */
static struct judgement try_value(const struct search *s, double value)
{
	struct arena *arena = arena_new();
	struct state after = change_apply(arena, s->rules, s->state, s->at, value);
	struct judgement j = state_judge_one(arena, s->rules, &after, s->options, s->rule);
	arena_free(arena);
	return j;
}

static enum status try_status(const struct search *s, double value)
{
	struct arena *arena = arena_new();
	const struct state after = change_apply(arena, s->rules, s->state, s->at, value);
	struct situation situation;
	struct error err;
	enum status status = STATUS_UNKNOWN;
	if (situation_build(arena, s->rules, &after, s->options, &situation, &err))
		status = evaluate_status(&situation, s->rule);
	arena_free(arena);
	return status;
}

static bool enough(const struct search *s, double value)
{
	enum status status = try_status(s, value);
	if (status == STATUS_UNKNOWN)
		return s->at_best && try_value(s, value).at_best_scale >= 1;
	if (status == STATUS_WARN)
		return s->before != STATUS_WARN;
	return status != STATUS_FAIL;
}

/* Bisects between `from` (not enough) and `to` (enough), on integers. */
static double bisect(const struct search *s, double from, double to)
{
	while (fabs(to - from) > 1) {
		double middle = floor((from + to) / 2);
		if (enough(s, middle))
			to = middle;
		else
			from = middle;
	}
	return to;
}

/* The furthest the fix can go; false: it does not apply here. */
static bool furthest(const struct search *s, struct arena *arena, double *ret_limit)
{
	struct situation situation;
	struct error err;
	struct value value = value_number(value_max, UNIT_COUNT);
	if (s->fix->lower)
		value.number = 1;
	if (!situation_build(arena, s->rules, s->state, s->options, &situation, &err))
		return false;
	const struct load *load = situation_load(&situation, s->at->load);
	struct names *names = names_of_load(&situation, load, NULL, s->at->instance, MISSING_UNKNOWN);
	struct expr_env env = names_env(names);
	if (s->fix->applies) {
		struct value applies = expr_eval(s->fix->applies, &env);
		if (applies.kind != VALUE_BOOL || applies.number == 0)
			return false;
	}
	if (s->fix->to)
		value = expr_eval(s->fix->to, &env);
	if (value.kind == VALUE_BOOL)
		value = value_number(value.number, UNIT_COUNT);
	if (value.kind != VALUE_NUMBER)
		return false;
	*ret_limit = value.number;
	if (isinf(value.number) && !s->fix->set)
		*ret_limit = value_max;
	return true;
}

/* Is there any way to go from `now` to the furthest value? */
static bool can_move(const struct fix_rule *fix, double now, double limit)
{
	if (isnan(now) || isinf(now))
		return false;
	if (fix->lower)
		return limit < now;
	return limit > now;
}

/* The value to set; false: there is none worth setting. */
static bool search_value(const struct search *s, double *ret_value)
{
	struct arena *arena = arena_new();
	double limit, now = change_current(s->state, s->at);
	bool good = furthest(s, arena, &limit);
	arena_free(arena);
	if (!good)
		return false;
	*ret_value = limit;
	if (s->fix->set)
		return true;
	if (!can_move(s->fix, now, limit))
		return false;
	if (enough(s, limit)) {
		*ret_value = round_value(s->fix, bisect(s, now, limit), limit);
		return true;
	}
	/* A plan is not bent to its utmost for a part of the way. */
	return s->fix->kind != FIX_WORKLOAD;
}

static bool is_better(const struct judgement *before, const struct judgement *after)
{
	double was = before->max_safe_scale, is = after->max_safe_scale;
	if (after->status == STATUS_NOT_APPLICABLE)
		return true;
	if (after->status == STATUS_PASS && before->status != STATUS_PASS)
		return true;
	if (isnan(was))
		return !isnan(is);
	if (was <= 0 && is <= 0) { /* at worst nothing is safe, before and after */
		was = before->at_best_scale;
		is = after->at_best_scale;
	}
	return is > was * (1 + 1e-9);
}

bool change_find(const struct rules *rules,
		const struct state *state,
		const struct model_options *options,
		const struct trial_fix *fix,
		const struct limit_rule *rule,
		double *ret_value)
{
	struct search s = {rules, state, options, fix, fix->rule, rule, .at_best = false};
	struct arena *scratch = arena_new();
	struct judgement before = state_judge_one(scratch, rules, state, options, rule);
	arena_free(scratch);
	s.before = before.status;
	s.at_best = before.status == STATUS_FAIL && before.max_safe_scale <= 0;
	if (!search_value(&s, ret_value))
		return false;
	struct judgement after = try_value(&s, *ret_value);
	return is_better(&before, &after);
}

bool change_reach(const struct rules *rules,
		const struct state *state,
		const struct model_options *options,
		const struct trial_fix *fix,
		double wanted,
		double *ret_value)
{
	const struct search s = {rules, state, options, fix, fix->rule, NULL, .at_best = false};
	struct arena *arena = arena_new();
	double limit, now = change_current(state, fix);
	bool good = furthest(&s, arena, &limit);
	arena_free(arena);
	if (!good)
		return false;
	*ret_value = limit;
	if (fix->rule->set)
		return isnan(now) || limit != now;
	if (isnan(wanted) || !can_move(fix->rule, now, limit))
		return false;
	*ret_value = round_value(fix->rule, wanted, limit);
	if (fix->rule->lower)
		return *ret_value < now;
	return *ret_value > now;
}
