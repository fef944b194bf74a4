#include "model/judge/judge.h"

#include <math.h>
#include <string.h>

#include "model/instances.h"

const struct measurement *judge_measurement(const struct situation *s,
		const struct limit_rule *rule,
		const char *instance)
{
	for (size_t i = 0; rule->calibrated_by && i < s->options->measurement_count; i++) {
		const struct measurement *m = &s->options->measurements[i];
		bool usable = m->comparable && !isnan(m->measured);
		bool of_instance = !m->instance || !strcmp(m->instance, instance);
		if (usable && of_instance && !strcmp(m->calibrator, rule->calibrated_by))
			return m;
	}
	return NULL;
}

/* Do all loads of a plan draw on the same? Else each process has a limit of its own. */
static bool is_common(const struct limit_rule *rule)
{
	switch (rule->scope) {
	case SCOPE_DESTINATION:
	case SCOPE_NAMESPACE:
	case SCOPE_HOST:
	case SCOPE_SHARED:
		return true;
	case SCOPE_PROCESS:
	case SCOPE_LISTENER:
	case SCOPE_BEAM:
		break;
	}
	return false;
}

/* Does this load go to the destination that is judged? */
static bool concerns(const struct situation *load,
		const struct limit_rule *rule,
		const char *instance)
{
	const struct name_list list = limit_instances(load, rule);
	for (size_t i = 0; i < list.count; i++) {
		if (strcmp(list.items[i], instance) == 0)
			return true;
	}
	return false;
}

static void add_part(struct judge *judge, const struct situation *load)
{
	struct part *part = &judge->parts[judge->part_count++];
	*part = (struct part){0};
	part->names = names_new(load, judge->rule, judge->instance, judge->mode);
}

static void add_parts(struct judge *judge)
{
	const struct situation *s = judge->s;
	judge->parts = arena_alloc(s->arena, s->load_count * sizeof *judge->parts);
	if (s->load_count == 1 || !is_common(judge->rule)) {
		add_part(judge, s);
		return;
	}
	for (size_t i = 0; i < s->load_count; i++) {
		if (concerns(&s->loads[i], judge->rule, judge->instance))
			add_part(judge, &s->loads[i]);
	}
}

struct judge judge_new(const struct situation *s,
		const struct limit_rule *rule,
		const char *instance,
		enum missing_mode mode)
{
	const struct measurement *measured = judge_measurement(s, rule, instance);
	struct judge judge = {
			.s = s,
			.rule = rule,
			.instance = instance,
			.mode = mode,
	};
	add_parts(&judge);
	judge.names = judge.parts[0].names;
	judge.env = names_env(judge.names);
	if (measured && !measured->quantity && !isnan(measured->predicted))
		judge.measured = measured;
	return judge;
}

void judge_carry_slack(struct judge *judge)
{
	for (size_t i = 0; i < judge->part_count; i++)
		names_carry_slack(judge->parts[i].names);
}

struct value judge_capacity(struct judge *judge)
{
	struct value capacity = expr_eval(judge->rule->capacity, &judge->env);
	if (!judge->measured || capacity.kind != VALUE_NUMBER)
		return capacity;
	double measured = measurement_capacity(judge->measured, capacity.number);
	capacity.number = fmin(capacity.number, measured);
	return capacity;
}

static struct value sum_of(struct value sum, struct value more, double times)
{
	if (sum.kind != VALUE_NUMBER)
		return sum;
	if (more.kind != VALUE_NUMBER)
		return more;
	sum.number += times * more.number;
	return sum;
}

/* Of all loads together. What is there once is counted once. */
static struct value demand_of(const struct judge *judge, const struct expr *demand)
{
	struct value sum = expr_eval(demand, &judge->env);
	for (size_t i = 1; i < judge->part_count; i++) {
		struct expr_env env = names_env(judge->parts[i].names);
		sum = sum_of(sum, expr_eval(demand, &env), 1);
	}
	double more = (double)judge->part_count - 1;
	if (more > 0 && judge->rule->shared && demand == judge->rule->demand)
		sum = sum_of(sum, expr_eval(judge->rule->shared, &judge->env), -more);
	return sum;
}

static void judge_move(const struct judge *judge, double scale, struct moment moment)
{
	for (size_t i = 0; i < judge->part_count; i++)
		names_move(judge->parts[i].names, scale, moment);
}

struct probe judge_probe(struct judge *judge, double scale, struct moment moment)
{
	const struct limit_rule *rule = judge->rule;
	bool plans = judge->s->options->planning_constants;
	struct probe probe = {.planning = value_number(0, UNIT_COUNT)};
	judge_move(judge, scale, moment);
	probe.demand = demand_of(judge, rule->demand);
	probe.capacity = judge_capacity(judge);
	if (rule->planning_demand && plans)
		probe.planning = demand_of(judge, rule->planning_demand);
	return probe;
}

double whole_if_near(double number)
{
	double whole = round(number);
	if (fabs(number - whole) <= 1e-12 * fabs(whole))
		return whole;
	return number;
}

double judge_demand(const struct probe *probe)
{
	if (probe->demand.kind != VALUE_NUMBER)
		return NAN;
	double demand = probe->demand.number;
	if (probe->planning.kind == VALUE_NUMBER)
		demand = fmax(demand, probe->planning.number);
	return whole_if_near(demand);
}

double use_of(double demand, double capacity)
{
	if (isnan(demand) || isnan(capacity))
		return NAN;
	if (demand <= 0 || isinf(capacity))
		return 0;
	if (capacity <= 0)
		return INFINITY;
	return demand / capacity;
}

/* Demand and capacity where they are sums, and the capacity is the same all the time. */
struct sums {
	bool good;
	double shared; /* counted by each part, and there once */
	double capacity;
};

static bool part_is_sum(const struct judge *judge, struct part *part)
{
	const struct limit_rule *rule = judge->rule;
	bool plans = rule->planning_demand && judge->s->options->planning_constants;
	if (!names_affine(part->names, rule->demand, &part->demand))
		return false;
	return !plans || names_affine(part->names, rule->planning_demand, &part->planning);
}

static bool constant_of(const struct judge *judge, const struct expr *expr, double *ret)
{
	struct affine affine;
	if (!names_affine(judge->names, expr, &affine) || !affine_is_constant(&affine))
		return false;
	*ret = affine.constant;
	return true;
}

static bool sums_find(struct judge *judge, struct sums *sums)
{
	const struct limit_rule *rule = judge->rule;
	double more = (double)judge->part_count - 1;
	for (size_t i = 0; i < judge->part_count; i++) {
		if (!part_is_sum(judge, &judge->parts[i]))
			return false;
	}
	if (!constant_of(judge, rule->capacity, &sums->capacity))
		return false;
	sums->capacity = judge_capacity(judge).number;
	sums->shared = 0;
	if (more > 0 && rule->shared && !constant_of(judge, rule->shared, &sums->shared))
		return false;
	sums->shared *= more;
	return true;
}

static const struct sums *judge_sums(struct judge *judge)
{
	if (judge->sums)
		return judge->sums;
	judge->sums = arena_alloc(judge->s->arena, sizeof *judge->sums);
	judge_move(judge, 1, moment_at(0));
	judge->sums->good = sums_find(judge, judge->sums);
	return judge->sums;
}

static double use_by_sums(struct judge *judge, const struct sums *sums)
{
	double demand = -sums->shared, planning = 0;
	for (size_t i = 0; i < judge->part_count; i++) {
		const struct part *part = &judge->parts[i];
		demand += names_sum(part->names, &part->demand);
		planning += names_sum(part->names, &part->planning);
	}
	return use_of(whole_if_near(fmax(demand, planning)), sums->capacity);
}

double judge_use(struct judge *judge, double scale, struct moment moment)
{
	const struct sums *sums = judge_sums(judge);
	if (sums->good) {
		judge_move(judge, scale, moment);
		return use_by_sums(judge, sums);
	}
	struct probe probe = judge_probe(judge, scale, moment);
	if (probe.capacity.kind != VALUE_NUMBER)
		return NAN;
	return use_of(judge_demand(&probe), probe.capacity.number);
}

bool judge_may_cap(const struct judge *judge)
{
	for (size_t i = 0; i < judge->part_count; i++) {
		if (names_may_cap(judge->parts[i].names))
			return true;
	}
	return false;
}

bool judge_capped(const struct judge *judge)
{
	for (size_t i = 0; i < judge->part_count; i++) {
		if (names_capped(judge->parts[i].names))
			return true;
	}
	return false;
}
