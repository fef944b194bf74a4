#include "model/judge/judge.h"

#include <math.h>
#include <string.h>

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

static bool rule_sums(const struct limit_rule *rule)
{
	for (size_t i = 0; i < rule->let_count; i++)
		if (expr_sums(rule->lets[i].expr))
			return true;
	return expr_sums(rule->demand);
}

static const struct expr *summed(struct arena *arena, const struct expr *expr)
{
	if (!expr)
		return NULL;
	return expr_sum_of(arena, expr);
}

/* The rule for an instance of several loads. */
static const struct limit_rule *rule_for(const struct situation *s,
		const struct limit_rule *rule,
		const struct instance *instance)
{
	if (instance->member_count == 1 || rule_sums(rule))
		return rule;
	struct limit_rule *whole = arena_alloc(s->arena, sizeof *whole);
	*whole = *rule;
	whole->demand = summed(s->arena, rule->demand);
	whole->planning_demand = summed(s->arena, rule->planning_demand);
	whole->strained = summed(s->arena, rule->strained);
	whole->at_least = summed(s->arena, rule->at_least);
	return whole;
}

struct judge judge_new(const struct situation *s,
		const struct limit_rule *rule,
		const struct instance *instance,
		enum missing_mode mode)
{
	const struct measurement *measured = judge_measurement(s, rule, instance->name);
	struct judge judge = {
			.s = s,
			.rule = rule_for(s, rule, instance),
			.instance = instance,
			.mode = mode,
			.names = names_of(s, rule, instance, mode),
	};
	judge.env = names_env(judge.names);
	if (measured && !measured->quantity && !isnan(measured->predicted))
		judge.measured = measured;
	return judge;
}

double judge_target(const struct judge *judge)
{
	double usual = judge->s->options->target;
	if (!judge->rule->target)
		return usual;
	const struct value own = expr_eval(judge->rule->target, &judge->env);
	if (own.kind != VALUE_NUMBER)
		return usual;
	return own.number;
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

struct probe judge_probe(struct judge *judge, double scale, struct moment moment)
{
	const struct limit_rule *rule = judge->rule;
	bool plans = judge->s->options->planning_constants;
	struct probe probe = {.planning = value_number(0, UNIT_COUNT)};
	names_move(judge->names, scale, moment);
	probe.demand = expr_eval(rule->demand, &judge->env);
	probe.capacity = judge_capacity(judge);
	if (rule->planning_demand && plans)
		probe.planning = expr_eval(rule->planning_demand, &judge->env);
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
	struct affine demand, planning;
	double capacity;
};

static bool sums_find(struct judge *judge, struct sums *sums)
{
	const struct limit_rule *rule = judge->rule;
	struct affine capacity;
	struct names *names = judge->names;
	if (!names_affine(names, rule->demand, &sums->demand))
		return false;
	if (rule->planning_demand && judge->s->options->planning_constants &&
			!names_affine(names, rule->planning_demand, &sums->planning))
		return false;
	if (!names_affine(names, rule->capacity, &capacity) || !affine_is_constant(&capacity))
		return false;
	sums->capacity = judge_capacity(judge).number;
	return true;
}

static const struct sums *judge_sums(struct judge *judge)
{
	if (judge->sums)
		return judge->sums;
	judge->sums = arena_alloc(judge->s->arena, sizeof *judge->sums);
	names_move(judge->names, 1, moment_at(0));
	judge->sums->good = sums_find(judge, judge->sums);
	return judge->sums;
}

double judge_use(struct judge *judge, double scale, struct moment moment)
{
	const struct sums *sums = judge_sums(judge);
	if (sums->good) {
		names_move(judge->names, scale, moment);
		double demand = names_sum(judge->names, &sums->demand);
		demand = fmax(demand, names_sum(judge->names, &sums->planning));
		return use_of(whole_if_near(demand), sums->capacity);
	}
	struct probe probe = judge_probe(judge, scale, moment);
	if (probe.capacity.kind != VALUE_NUMBER)
		return NAN;
	return use_of(judge_demand(&probe), probe.capacity.number);
}

/* Does it follow the scale alone? */
static bool is_flat(const struct affine *affine)
{
	struct affine timed = *affine;
	timed.factors[0] = 0;
	return affine_is_constant(&timed);
}

enum judge_course judge_course(struct judge *judge)
{
	const struct sums *sums = judge_sums(judge);
	if (!sums->good || !is_flat(&sums->planning))
		return COURSE_ANY;
	if (is_flat(&sums->demand))
		return COURSE_FLAT;
	if (names_may_cap(judge->names))
		return COURSE_ANY;
	return COURSE_LINEAR;
}

bool judge_sum(struct judge *judge, struct judge_sum *ret_sum)
{
	const struct sums *sums = judge_sums(judge);
	bool plans = sums->planning.constant > 0 || !affine_is_constant(&sums->planning);
	if (!sums->good || plans)
		return false;
	*ret_sum = (struct judge_sum){&sums->demand, sums->capacity};
	return true;
}
