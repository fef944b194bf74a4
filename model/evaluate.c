/* Judging: status, what is safe, and when it breaks, with missing facts taken at worst and at best.
 */
#include "model/evaluate.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "model/instance/instances.h"
#include "model/judge/crossing.h"
#include "model/judge/in_words.h"
#include "model/judge/parts.h"
#include "model/missing.h"
#include "model/text/template.h"

static enum status status_for_use(const struct judge *judge, double use, enum severity severity)
{
	if (isnan(use))
		return STATUS_UNKNOWN;
	if (use <= judge_target(judge))
		return STATUS_PASS;
	if (severity == SEVERITY_HARD)
		return STATUS_FAIL;
	return STATUS_WARN;
}

static const char *evaluate_printed(const struct judge *judge, const struct expr *expr, bool values)
{
	struct text text = {0};
	if (values)
		expr_print_values(expr, &judge->env, &text);
	else
		expr_print_for(expr, &judge->env, &text);
	return text_take(judge->s->arena, &text);
}

static bool name_holds(const struct judge *judge, const struct rule_name *name)
{
	if (!name->when)
		return true;
	struct value value = expr_eval(name->when, &judge->env);
	return value.kind == VALUE_BOOL && value.number != 0;
}

/* Which of the limits that the rule joins counts here; the instance where the rule names none. */
static const char *name_of(const struct judge *judge, const struct judgement *j)
{
	const struct member *first = &judge->instance->members[0];
	const struct template_values values = {
			.arena = judge->s->arena,
			.facts = first->load->facts,
			.instance = j->instance,
			.shown = j->instance,
	};
	for (size_t i = 0; i < judge->rule->name_count; i++) {
		const struct rule_name *name = &judge->rule->names[i];
		const char *text = NULL;
		if (name_holds(judge, name))
			text = template_fill(&values, name->text);
		if (text)
			return text;
	}
	return j->instance;
}

static void add_texts(struct judge *judge, struct judgement *j)
{
	const struct moment peak = {j->at_s, j->before_jump};
	names_move(judge->names, 1, peak);
	j->instance = name_of(judge, j);
	const struct limit_rule *rule = judge->rule;
	const struct expr *capacity = rule->capacity;
	const struct expr *demand = rule->demand;
	if (j->planning)
		demand = rule->planning_demand;
	j->demand_formula = evaluate_printed(judge, demand, false);
	j->demand_substituted = evaluate_printed(judge, demand, true);
	j->capacity_formula = evaluate_printed(judge, capacity, false);
	j->capacity_substituted = evaluate_printed(judge, capacity, true);
	j->facts = *names_used(judge->names);
	j->demand_words = judge_in_words(judge, demand, j->demand);
	j->capacity_words = judge_in_words(judge, capacity, j->capacity);
	parts_of(judge, j);
	if (j->calibrated && !j->calibrated->quantity)
		judge_add_measured(judge, j);
}

static const struct calibrated *calibrated_by(const struct judge *judge,
		const char *instance,
		double used)
{
	const struct measurement *m = judge_measurement(judge->s, judge->rule, instance);
	if (!m)
		return NULL;
	bool judged = judge->measured && !isnan(used);
	if (!m->quantity && !judged)
		return NULL;
	struct calibrated *calibrated = arena_alloc(judge->s->arena, sizeof *calibrated);
	*calibrated = (struct calibrated){.quantity = m->quantity,
			.predicted = m->predicted,
			.measured = m->measured,
			.used = m->measured};
	if (m->cost)
		calibrated->used = fmax(m->measured, m->predicted);
	if (m->quantity)
		return calibrated;
	const struct expr *rule = judge->rule->capacity;
	struct value capacity = expr_eval(rule, &judge->env);
	calibrated->predicted = used;
	if (capacity.kind == VALUE_NUMBER)
		calibrated->predicted = capacity.number;
	calibrated->measured = measurement_capacity(m, calibrated->predicted);
	calibrated->used = used;
	return calibrated;
}

static enum severity severity_in(struct judge *judge)
{
	if (!judge->rule->hard_if)
		return judge->rule->severity;
	struct value hard = expr_eval(judge->rule->hard_if, &judge->env);
	if (hard.kind == VALUE_BOOL && hard.number != 0)
		return SEVERITY_HARD;
	return judge->rule->severity;
}

/* Demand, capacity and status with missing facts taken as `mode` says. */
static void judge_numbers(struct judge *judge, struct judgement *j)
{
	j->severity = severity_in(judge);
	struct moment peak = course_peak(course_of(judge));
	struct probe probe = judge_probe(judge, 1, peak);
	j->at_s = peak.t;
	j->before_jump = peak.before;
	j->kernel_demand = NAN;
	if (probe.demand.kind == VALUE_NUMBER)
		j->kernel_demand = whole_if_near(probe.demand.number);
	j->demand = judge_demand(&probe);
	j->capacity = NAN;
	if (probe.capacity.kind == VALUE_NUMBER)
		j->capacity = fmax(0, probe.capacity.number);
	j->calibrated = calibrated_by(judge, j->instance, j->capacity);
	j->utilization = use_of(j->demand, j->capacity);
	j->planning = j->demand > j->kernel_demand;
	j->over = j->utilization > 1;
	j->status = status_for_use(judge, j->utilization, j->severity);
	enum status truth = status_for_use(judge, use_of(j->kernel_demand, j->capacity), j->severity);
	j->planning_fails = j->planning && j->status == STATUS_FAIL && truth != STATUS_FAIL;
}

/* A limit with the kernel's timers on time, and as late as they may be. */
struct clocks {
	const struct course *on_time, *late;
	double slack_s; /* how late that is */
};

static double slack_of_load(const struct names *on_time, const struct names *late, size_t load)
{
	size_t count, late_count;
	const double *windows = names_windows(on_time, load, &count);
	const double *late_windows = names_windows(late, load, &late_count);
	double slack = 0;
	for (size_t i = 0; i < count && i < late_count; i++) {
		double later = late_windows[i] - windows[i];
		slack = fmax(slack, later);
	}
	return slack;
}

static double slack_between(const struct names *on_time, const struct names *late)
{
	double slack = 0;
	for (size_t i = 0; i < names_loads(on_time); i++) {
		double own = slack_of_load(on_time, late, i);
		slack = fmax(slack, own);
	}
	return slack;
}

/* The second at which use passes the bound; NAN: never. Timers end together in steps, and nobody
 * knows how far the next step is away when the plan starts: the second is half-way between the
 * first and the last at which it may be. */
static double second_of(const struct clocks *clocks, double bound)
{
	double first = course_second(clocks->late, bound);
	double last = course_second(clocks->on_time, bound);
	double between = clocks->slack_s;
	if (isnan(first))
		return last;
	if (last < first + between)
		between = last - first;
	return first + fmax(0, between) / 2;
}

/* A plan that fits by timers that end on time may not fit by late ones: what closes together waits
 * when the next closes. */
static void judge_seconds(struct judge *judge, struct judgement *j)
{
	double target = judge_target(judge);
	if (j->utilization <= target && judge_course(judge) == COURSE_FLAT)
		return;
	struct judge late = judge_new(judge->s, judge->rule, judge->instance, judge->mode);
	names_carry_slack(late.names);
	const struct clocks clocks = {
			.on_time = course_of(judge),
			.late = course_of(&late),
			.slack_s = slack_between(judge->names, late.names),
	};
	if (j->utilization > target)
		j->target_crossed_at_s = second_of(&clocks, target);
	j->exhausted_at_s = second_of(&clocks, 1);
	if (!j->over)
		j->late_at_s = j->exhausted_at_s;
}

/* Does the plan fit only if everything goes as well as it can? */
static void judge_strain(const struct judge *judge, struct judgement *j)
{
	struct limit_rule rule = *judge->rule;
	if (!rule.strained || j->over)
		return;
	rule.demand = rule.strained;
	struct judge strained = judge_new(judge->s, &rule, judge->instance, judge->mode);
	j->strained_at_s = course_second(course_of(&strained), 1);
}

/* What the kernel needs at the peak if it does at once what it may do later. */
static void judge_least(struct judge *judge, struct judgement *j)
{
	const struct moment peak = {j->at_s, j->before_jump};
	if (!judge->rule->at_least)
		return;
	names_move(judge->names, 1, peak);
	const struct value least = expr_eval(judge->rule->at_least, &judge->env);
	if (least.kind == VALUE_NUMBER)
		j->least_demand = whole_if_near(least.number);
}

/* `whole`: as a report tells it; else only what a search for changes or a comparison asks for. */
static void judge_scales(struct judge *judge, bool whole, struct judgement *j)
{
	const struct course *course = course_of(judge);
	double target = judge_target(judge);
	if (isnan(j->utilization))
		return;
	j->max_safe_scale = course_scale(course, target);
	if (!whole)
		return;
	j->breaks_scale = course_scale(course, 1);
	judge_seconds(judge, j);
	judge_strain(judge, j);
	judge_least(judge, j);
}

static const struct rule_bound *bound_for(const struct limit_rule *rule, const char *key)
{
	for (size_t i = 0; i < rule->bound_count; i++)
		if (!strcmp(rule->bounds[i].fact, key))
			return &rule->bounds[i];
	return NULL;
}

/* Why this value is taken; NULL: the rule does not say. */
static const char *because_of(const struct situation *s,
		const struct limit_rule *rule,
		const char *key)
{
	const struct rule_bound *bound = bound_for(rule, key);
	const char *because = NULL;
	if (bound)
		because = bound->because;
	if (facts_status(s->facts, key, "") != FACT_NOT_VISIBLE)
		return because;
	for (size_t i = 0; i < rule->hidden_count; i++) {
		if (!strcmp(rule->hiddens[i].fact, key))
			because = rule->hiddens[i].because;
	}
	return because;
}

static void note_assumed(const struct situation *s,
		const struct limit_rule *rule,
		const struct name_list *missing,
		struct judgement *j)
{
	for (size_t i = 0; i < missing->count; i++) {
		const char *key = missing->items[i];
		const char *because = because_of(s, rule, key);
		/* A finding says what this one means. */
		bool found = !strcmp(key, "destination.blocked");
		if (!because || found)
			continue;
		const char *text = missing_text(s, j->instance, key);
		text = arena_printf(s->arena, "%s: %s", text, because);
		name_list_add_once(s->arena, &j->assumed, text);
	}
}

static struct judgement unknown_judgement(const struct situation *s,
		const struct limit_rule *rule,
		const struct instance *at,
		const struct name_list *missing)
{
	struct judgement j = {.rule = rule,
			.at = at,
			.instance = at->name,
			.severity = rule->severity,
			.status = STATUS_UNKNOWN};
	j.demand = j.capacity = j.utilization = j.kernel_demand = NAN;
	j.max_safe_scale = j.breaks_scale = j.target_crossed_at_s = j.exhausted_at_s = NAN;
	j.late_at_s = j.strained_at_s = j.least_demand = NAN;
	j.at_best_scale = NAN;
	j.at_s = INFINITY;
	j.reason = missing_list(s, at->name, missing);
	return j;
}

static void take_unread(const struct situation *s, const struct judge *from, struct judgement *j)
{
	const struct name_list *missing = names_missing(from->names);
	for (size_t i = 0; i < missing->count; i++)
		name_list_add_once(s->arena, &j->unread, missing->items[i]);
}

/* The limit at worst and at best. */
struct outcomes {
	struct judgement worst, best;
};

/* They do not agree. What is safe at worst is safe; at best, more is. */
static void judge_open(struct judge *worst,
		struct judge *best,
		const struct outcomes *outcomes,
		bool texts,
		struct judgement *ret)
{
	const struct situation *s = worst->s;
	struct judgement lower = outcomes->worst, upper = outcomes->best;
	*ret = unknown_judgement(s, ret->rule, ret->at, names_missing(worst->names));
	if (lower.status != STATUS_UNKNOWN)
		ret->reason = arena_printf(s->arena,
				"%s; its bounds allow both %s and %s",
				ret->reason,
				status_name(upper.status),
				status_name(lower.status));
	judge_scales(worst, texts, &lower);
	judge_scales(best, texts, &upper);
	ret->max_safe_scale = 0; /* nothing says that any load is safe */
	if (!isnan(lower.max_safe_scale))
		ret->max_safe_scale = lower.max_safe_scale;
	ret->at_best_scale = upper.max_safe_scale;
	ret->severity = lower.severity;
	ret->demand = upper.demand;
	ret->facts = *names_used(worst->names);
	take_unread(s, worst, ret);
	take_unread(s, best, ret);
}

/* They agree, and the worst is shown. Where nothing would fit at worst, the best is: a limit that
 * fails even then says more by it. */
static void judge_agreed(struct judge *worst,
		struct judge *best,
		const struct outcomes *outcomes,
		bool texts,
		struct judgement *ret)
{
	struct judgement lower = outcomes->worst, upper = outcomes->best;
	struct judge *shown = worst;
	judge_scales(worst, texts, &lower);
	judge_scales(best, texts, &upper);
	*ret = lower;
	bool nothing_fits = lower.max_safe_scale <= 0;
	if (nothing_fits && lower.status != STATUS_PASS) {
		*ret = upper;
		shown = best;
	}
	ret->max_safe_scale = lower.max_safe_scale;
	ret->at_best_scale = upper.max_safe_scale;
	take_unread(worst->s, worst, ret);
	note_assumed(worst->s, worst->rule, names_missing(worst->names), ret);
	ret->facts = *names_used(shown->names);
	if (texts)
		add_texts(shown, ret);
}

/* A missing fact matters only if its worst and its best value lead to different outcomes. */
static bool outcomes_agree(const struct outcomes *outcomes)
{
	enum status status = outcomes->worst.status;
	return status != STATUS_UNKNOWN && status == outcomes->best.status;
}

static void judge_bounded(const struct situation *s, bool texts, struct judgement *ret)
{
	struct judge worst = judge_new(s, ret->rule, ret->at, MISSING_WORST);
	struct judge best = judge_new(s, ret->rule, ret->at, MISSING_BEST);
	struct outcomes outcomes = {*ret, *ret};
	judge_numbers(&worst, &outcomes.worst);
	judge_numbers(&best, &outcomes.best);
	if (!outcomes_agree(&outcomes)) {
		judge_open(&worst, &best, &outcomes, texts, ret);
		return;
	}
	judge_agreed(&worst, &best, &outcomes, texts, ret);
}

/* The fact without which this host has no such limit, where it is absent; NULL: there is none. */
static const struct rule_absent *missing_limit(const struct situation *s,
		const struct limit_rule *rule)
{
	for (size_t i = 0; i < rule->absent_count; i++) {
		const struct rule_absent *absent = &rule->absents[i];
		bool gone = facts_status(s->facts, absent->fact, "") == FACT_ABSENT;
		if (!absent->value && gone)
			return absent;
	}
	return NULL;
}

/* Of several reasons the one that holds here. */
static const char *evaluate_otherwise(const struct limit_rule *rule, struct names *names)
{
	const struct expr_env env = names_env(names);
	for (size_t i = 0; i < rule->reason_count; i++) {
		const struct rule_name *reason = &rule->reasons[i];
		struct value holds = expr_eval(reason->when, &env);
		if (holds.kind == VALUE_BOOL && holds.number != 0)
			return reason->text;
	}
	if (rule->otherwise)
		return rule->otherwise;
	return "this plan does not use it";
}

/* Does the limit concern this plan and host? Unknown counts as yes, by the rule's bounds if it has
 * any. */
static bool applies(const struct situation *s, struct judgement *j)
{
	const struct limit_rule *rule = j->rule;
	struct names *names = names_of(s, rule, j->at, MISSING_WORST);
	if (!names_may_hold(names, rule->applies)) {
		j->status = STATUS_NOT_APPLICABLE;
		j->reason = evaluate_otherwise(rule, names);
		return false;
	}
	note_assumed(s, rule, names_missing(names), j);
	const struct rule_absent *missing = missing_limit(s, rule);
	if (!missing)
		return true;
	j->status = STATUS_NOT_APPLICABLE;
	j->reason = missing->because;
	if (!missing->because)
		j->reason = arena_printf(s->arena, "%s is absent", missing->fact);
	return false;
}

static struct judgement judge_instance(const struct situation *s,
		const struct limit_rule *rule,
		const struct instance *at,
		bool texts)
{
	struct judgement j = unknown_judgement(s, rule, at, &(struct name_list){0});
	j.reason = NULL;
	if (!applies(s, &j))
		return j;
	struct judge plain = judge_new(s, rule, at, MISSING_UNKNOWN);
	judge_numbers(&plain, &j);
	if (j.status == STATUS_UNKNOWN) {
		judge_bounded(s, texts, &j);
		return j;
	}
	judge_scales(&plain, texts, &j);
	j.at_best_scale = j.max_safe_scale;
	j.facts = *names_used(plain.names);
	if (texts)
		add_texts(&plain, &j);
	return j;
}

static enum status status_at_bounds(const struct situation *s, const struct judgement *j)
{
	struct judge worst = judge_new(s, j->rule, j->at, MISSING_WORST);
	struct judge best = judge_new(s, j->rule, j->at, MISSING_BEST);
	struct outcomes outcomes = {*j, *j};
	judge_numbers(&worst, &outcomes.worst);
	judge_numbers(&best, &outcomes.best);
	if (!outcomes_agree(&outcomes))
		return STATUS_UNKNOWN;
	return outcomes.worst.status;
}

static enum status status_of_instance(const struct situation *s,
		const struct limit_rule *rule,
		const struct instance *at)
{
	struct judgement j = unknown_judgement(s, rule, at, &(struct name_list){0});
	if (!applies(s, &j))
		return j.status;
	struct judge plain = judge_new(s, rule, at, MISSING_UNKNOWN);
	judge_numbers(&plain, &j);
	if (j.status == STATUS_UNKNOWN)
		return status_at_bounds(s, &j);
	return j.status;
}

static int evaluate_rank(enum status status)
{
	static const int ranks[] = {[STATUS_NOT_APPLICABLE] = 0,
			[STATUS_PASS] = 1,
			[STATUS_WARN] = 2,
			[STATUS_UNKNOWN] = 3,
			[STATUS_FAIL] = 4};
	return ranks[status];
}

enum status evaluate_status(const struct situation *situation, const struct limit_rule *rule)
{
	const struct instances list = limit_instances(situation, rule);
	enum status worst = STATUS_NOT_APPLICABLE;
	for (size_t i = 0; i < list.count; i++) {
		enum status status = status_of_instance(situation, rule, &list.items[i]);
		if (evaluate_rank(status) > evaluate_rank(worst))
			worst = status;
	}
	return worst;
}

bool evaluate_worse(const struct judgement *a, const struct judgement *b)
{
	int rank_a = evaluate_rank(a->status);
	int rank_b = evaluate_rank(b->status);
	if (rank_a != rank_b)
		return rank_a > rank_b;
	/* What others use does not grow with the plan: the fuller one need not be full first. */
	if (a->max_safe_scale < b->max_safe_scale)
		return true;
	if (a->max_safe_scale > b->max_safe_scale)
		return false;
	if (isnan(a->utilization))
		return false;
	return isnan(b->utilization) || a->utilization > b->utilization;
}

static bool waived(const struct situation *s, const char *id)
{
	for (size_t i = 0; i < s->options->waiver_count; i++) {
		const struct waiver *waiver = &s->options->waivers[i];
		if (waiver->expired)
			continue;
		if (strcmp(waiver->id, id) == 0)
			return true;
	}
	return false;
}

static bool ignored(const struct situation *s, const char *id)
{
	for (size_t i = 0; i < s->options->ignore_count; i++)
		if (!strcmp(s->options->ignore[i], id))
			return true;
	return false;
}

/* What is safe must be safe for every instance, also for one that fails less than another or is
 * unknown. NAN: none of them has a number. */
static void take_lowest_scales(const struct judgement *one, struct judgement *worst)
{
	double safe = one->max_safe_scale;
	double breaks = one->breaks_scale;
	double at_best = one->at_best_scale;
	if (one->status == STATUS_NOT_APPLICABLE)
		return;
	worst->max_safe_scale = fmin(worst->max_safe_scale, safe);
	worst->breaks_scale = fmin(worst->breaks_scale, breaks);
	worst->at_best_scale = fmin(worst->at_best_scale, at_best);
}

/* Nothing says that the destinations of two loads differ. */
static void note_unsure(const struct situation *s, struct judgement *j)
{
	if (!j->at->unsure || j->status == STATUS_NOT_APPLICABLE)
		return;
	const char *text = arena_printf(s->arena,
			"%s and %s of another load may be the same destination, so headroom adds "
			"up their ports (--resolve tells them apart)",
			j->at->name,
			j->at->unsure);
	name_list_add_once(s->arena, &j->assumed, text);
}

void evaluate_limit(const struct situation *situation,
		const struct limit_rule *rule,
		bool texts,
		struct resource *ret_resource)
{
	struct instances list;
	list = limit_instances(situation, rule);
	struct judgement *all = arena_alloc(situation->arena, list.count * sizeof *all);
	size_t worst = 0;
	for (size_t i = 0; i < list.count; i++) {
		all[i] = judge_instance(situation, rule, &list.items[i], texts);
		all[i].ignored = ignored(situation, rule->id);
		all[i].waived = waived(situation, rule->id);
		note_unsure(situation, &all[i]);
		if (evaluate_worse(&all[i], &all[worst]))
			worst = i;
	}
	*ret_resource = (struct resource){
			.worst = all[worst],
			.instances = all,
			.instance_count = list.count,
	};
	for (size_t i = 0; i < list.count; i++)
		take_lowest_scales(&all[i], &ret_resource->worst);
}

static double capacity_in(const struct situation *s,
		const struct limit_rule *rule,
		const struct instance *instance,
		enum missing_mode mode)
{
	struct judge judge = judge_new(s, rule, instance, mode);
	struct value capacity = judge_capacity(&judge);
	if (capacity.kind != VALUE_NUMBER)
		return NAN;
	return fmax(0, capacity.number);
}

double evaluate_capacity(const struct situation *situation, const struct limit_rule *rule)
{
	const struct instances list = limit_instances(situation, rule);
	const struct instance *instance = &list.items[0];
	if (missing_limit(situation, rule))
		return NAN;
	double capacity = capacity_in(situation, rule, instance, MISSING_UNKNOWN);
	if (!isnan(capacity))
		return capacity;
	double worst = capacity_in(situation, rule, instance, MISSING_WORST);
	double best = capacity_in(situation, rule, instance, MISSING_BEST);
	if (worst == best)
		return worst;
	return NAN;
}

void evaluate_use_series(const struct situation *situation,
		const struct judgement *judgement,
		const struct moment *moments,
		size_t count,
		double *ret_use)
{
	const struct limit_rule *rule = judgement->rule;
	const struct instance *at = judgement->at;
	struct judge judge = judge_new(situation, rule, at, MISSING_WORST);
	for (size_t i = 0; i < count; i++) {
		const struct moment moment = moments[i];
		ret_use[i] = judge_use(&judge, 1, moment);
	}
}
