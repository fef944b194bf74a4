/* Judges only to put this host's numbers into the formulas. */
#include "audit/explain/numbers.h"

#include <math.h>
#include <string.h>

#include "audit/explain/fill.h"
#include "audit/explain/legend.h"
#include "model/answer/age.h"
#include "report/write/now.h"

enum {
	BY_CHARS = 120
};

bool explain_judge(const struct explanation *e, struct explained *ret_explained, struct error *err)
{
	struct pipeline *pipeline = e->pipeline;
	struct loads plan;
	struct workload usual_load;
	if (!pipeline_plan(pipeline, e->load, &plan, &ret_explained->planned, err))
		return false;
	bool usual = !ret_explained->planned;
	if (usual) {
		if (!pipeline_preset(pipeline, "default", &usual_load, err))
			return false;
		plan = loads_of(&usual_load);
	}
	return pipeline_judge(pipeline, &plan, &ret_explained->result, err);
}

static const char *equation(const struct explanation *e,
		const char *formula,
		const char *values,
		double number,
		const struct limit_rule *limit)
{
	char figure[NUMBER_TEXT_MAX];
	struct arena *arena = e->look.arena;
	if (!formula)
		return NULL;
	text_number(figure, number, limit->quantity);
	formula = explain_without_zeros(arena, formula);
	values = explain_without_zeros(arena, values);
	bool plain = !values || strcmp(formula, values) == 0;
	if (!plain)
		plain = strcmp(values, figure) == 0;
	if (plain)
		return arena_printf(arena, "%s = %s", formula, figure);
	return arena_printf(arena, "%s = %s = %s", formula, values, figure);
}

static struct now_limit explained_now(const struct explanation *e, const struct explained *x)
{
	const struct limit_rule *rule = x->resource->worst.rule;
	struct now_limit limit = {
			.title = rule->title,
			.quantity = rule->quantity,
			.to = rule->scope == SCOPE_DESTINATION,
			.now = x->resource->now,
	};
	const char *by = limit.now.by;
	if (!by)
		return limit;
	size_t length = strlen(by);
	limit.now.by = text_clean(e->look.arena, by, length, BY_CHARS);
	return limit;
}

void explain_add_now_line(const struct explanation *e, const struct explained *x)
{
	const struct pen pen = {
			.options = &e->look,
			.arena = e->look.arena,
			.out = e->out,
	};
	const struct now_limit limit = explained_now(e, x);
	now_line(&pen, &limit);
}

/* Why the use is not known, without the key of a fact that no other page has. */
static const char *explain_unread(const struct explained *x)
{
	static const char skipped[] = " was not collected";
	const char *reason = x->resource->now.reason;
	const struct limit_rule *rule = x->resource->worst.rule;
	if (rule->scope != SCOPE_DESTINATION)
		return reason;
	if (text_ends_with(reason, skipped))
		return "how many are in use for each destination: these facts do not say";
	return reason;
}

/* What is in use now, whatever the plan, if the first line does not say it. */
static void explain_add_now(const struct explanation *e, const struct explained *x)
{
	const struct present *now = &x->resource->now;
	const struct now_limit limit = explained_now(e, x);
	if (!isnan(now->used) && now->state < PRESENT_NEAR) {
		const char *sentence = now_sentence(e->look.arena, &limit);
		explain_add(e, "now", sentence);
	}
	if (now->reason)
		explain_add(e, "not known", explain_unread(x));
}

static const char *explain_formula(const struct explanation *e, const struct expr *formula)
{
	struct text text = {0};
	expr_print(formula, true, &text);
	return text_take(e->look.arena, &text);
}

static const char *explain_demand(const struct explanation *e, const struct judgement *judgement)
{
	return equation(e,
			judgement->demand_formula,
			judgement->demand_substituted,
			judgement->demand,
			judgement->rule);
}

static const char *explain_capacity(const struct explanation *e, const struct judgement *judgement)
{
	return equation(e,
			judgement->capacity_formula,
			judgement->capacity_substituted,
			judgement->capacity,
			judgement->rule);
}

/* Values that are too old can show that something fails, but not that it passes. */
static const char *explain_status(const struct explanation *e, const struct explained *x)
{
	enum status status = x->resource->worst.status;
	if (!x->result.too_old)
		return status_name(status);
	if (status != STATUS_PASS)
		return status_name(status);
	struct arena *arena = e->look.arena;
	const char *unknown = status_name(STATUS_UNKNOWN);
	const char *why = age_reason(arena, &e->pipeline->model);
	return arena_printf(arena, "%s, %s", unknown, why);
}

/* Which values the numbers rest on. */
static void explain_add_basis(const struct explanation *e, const struct explained *x)
{
	static const char assumed[] = "values given with --set replace the ones that were read";
	const struct model_options *options = &e->pipeline->model;
	struct arena *arena = e->look.arena;
	const char *age = age_warning(arena, options);
	explain_add(e, "age", age);
	if (facts_are_hypothetical(x->result.facts))
		explain_add(e, "assumed", assumed);
}

/* What each of several loads adds. */
static void explain_add_parts(const struct explanation *e, const struct explained *x)
{
	const struct judgement *judgement = &x->resource->worst;
	const struct loads *loads = &x->result.loads;
	const enum unit quantity = judgement->rule->quantity;
	struct arena *arena = e->look.arena;
	const char *line = "";
	const char *before = "";
	for (size_t i = 0; i < judgement->part_count; i++) {
		const struct load_part *part = &judgement->parts[i];
		char figure[NUMBER_TEXT_MAX];
		const char *name = loads_name(arena, loads, part->load);
		text_number(figure, part->demand, quantity);
		line = arena_printf(arena, "%s%s%s %s", line, before, name, figure);
		before = ", ";
	}
	explain_add(e, "by load", line);
}

/* How the plan that was named uses it. */
static void explain_add_plan(const struct explanation *e, const struct explained *x)
{
	char figure[NUMBER_TEXT_MAX];
	const struct judgement *judgement = &x->resource->worst;
	const char *title = document_plan_title(e->look.arena, &x->result);
	const char *demand = explain_demand(e, judgement);
	const char *capacity = explain_capacity(e, judgement);
	const char *status = explain_status(e, x);
	double use = judgement->utilization;
	explain_add(e, "plan", title);
	explain_add_basis(e, x);
	explain_add(e, "demand", demand);
	explain_add_parts(e, x);
	explain_add(e, "capacity", capacity);
	explain_add_legend(e, judgement->rule, judgement->demand_formula, judgement->capacity_formula);
	if (!isnan(use)) {
		const char *text = text_number(figure, use, UNIT_RATIO);
		text = arena_printf(e->look.arena, "%s: %s", text, status);
		explain_add(e, "use", text);
	}
	if (judgement->reason)
		explain_add(e, status, judgement->reason);
}

/* The formula; with its value if it is a fact of this host. */
static const char *explain_plain_capacity(const struct explanation *e,
		const struct limit_rule *rule)
{
	const char *formula = explain_formula(e, rule->capacity);
	const struct fact *fact = facts_get(e->facts, formula, "");
	const char *value = explain_fact(e->look.arena, fact);
	if (!value)
		return formula;
	return arena_printf(e->look.arena, "%s = %s", formula, value);
}

/* Of a plan that was not named: in words, for every role. */
static void explain_add_words(const struct explanation *e, const struct explained *x)
{
	const struct judgement *judgement = &x->resource->worst;
	const struct limit_rule *rule = judgement->rule;
	const char *demand = explain_legend_words(e, rule->demand_in_words);
	const char *capacity = explain_legend_words(e, rule->capacity_in_words);
	const char *in_demand = NULL;
	const char *in_capacity = NULL;
	if (!demand)
		in_demand = explain_formula(e, rule->demand);
	if (judgement->capacity_formula)
		in_capacity = explain_capacity(e, judgement);
	else if (!capacity)
		in_capacity = explain_plain_capacity(e, rule);
	if (in_demand)
		demand = in_demand;
	if (in_capacity)
		capacity = in_capacity;
	explain_add(e, "demand", demand);
	explain_add(e, "capacity", capacity);
	explain_add_legend(e, rule, in_demand, in_capacity);
}

void explain_add_numbers(const struct explanation *e, const struct explained *x)
{
	explain_add_now(e, x);
	if (x->planned)
		explain_add_plan(e, x);
	else
		explain_add_words(e, x);
}
