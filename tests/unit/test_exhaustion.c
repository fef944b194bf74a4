/* Random plans whose ports were simulated connection by connection (tests/live/simulate.py, which
 * wrote tests/exhaustion.test and, of two loads each, tests/exhaustion-loads.test): the second at
 * which they run out, and what follows for every plan. HEADROOM_EXHAUSTION and
 * HEADROOM_EXHAUSTION_LOADS are other files of such plans. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "audit/rules/built_in.h"
#include "base/array.h"
#include "base/text.h"
#include "model/instance/instances.h"
#include "model/judge/judge.h"
#include "model/load/population.h"
#include "model/model.h"
#include "tests/unit/state_test.h"

enum {
	LINE_CHARS = 800,
	PLANS_LEAST = 300,
	LOADS_LEAST = 100,
	LOADS_MOST = 2
};

/* One line: the host, and the seconds at which one port less, its ports, one more run out. */
struct simulated {
	double ports, reuse, fin_timeout, buckets;
	double early, truth, late; /* NAN: never */
	char *flags;
	int line;
};

static double second_of(const char *word)
{
	if (strcmp(word, "-") == 0)
		return (double)NAN;
	return strtod(word, NULL);
}

static struct simulated parse(char *line, int number)
{
	double numbers[7];
	char *rest = line;
	line[strcspn(line, "\n")] = '\0';
	for (size_t i = 0; i < 7; i++)
		numbers[i] = second_of(strsep(&rest, " "));
	return (struct simulated){
			.ports = numbers[0],
			.reuse = numbers[1],
			.fin_timeout = numbers[2],
			.buckets = numbers[3],
			.early = numbers[4],
			.truth = numbers[5],
			.late = numbers[6],
			.flags = rest,
			.line = number,
	};
}

static struct facts *host_of(struct arena *arena, const struct simulated *row)
{
	const struct {
		const char *key;
		double value;
		enum unit unit;
	} settings[] = {
			{"kernel.hz", 250, UNIT_COUNT},
			{"net.ipv4.tcp_timestamps", 1, UNIT_COUNT},
			{"net.ipv4.tcp_tw_reuse", row->reuse, UNIT_COUNT},
			{"net.ipv4.tcp_fin_timeout", row->fin_timeout, UNIT_SECONDS},
			{"net.ipv4.tcp_max_tw_buckets", row->buckets, UNIT_COUNT},
	};
	struct facts *facts = facts_new(arena);
	const char *range = arena_printf(arena, "10000 %.0f", 9999 + row->ports);
	facts->whole = true;
	(void)facts_put_text(facts, "os.name", NULL, "linux", "test");
	(void)facts_put_text(facts, "net.ipv4.ip_local_port_range", NULL, range, "test");
	for (size_t i = 0; i < sizeof settings / sizeof *settings; i++)
		(void)facts_put_number(facts,
				settings[i].key,
				NULL,
				settings[i].value,
				settings[i].unit,
				"test");
	return facts;
}

static void set_flag(struct arena *arena,
		struct workload *workload,
		const char *flag,
		const char *argument)
{
	struct error err;
	char name[64];
	for (int i = 0; i < WORKLOAD_FIELDS; i++) {
		enum workload_field field = (enum workload_field)i;
		if (strcmp(workload_flag(field, name), flag + 2) != 0)
			continue;
		if (!workload_set(arena, workload, field, argument, flag, &err))
			fail_msg("%s %s: %s", flag, argument, err.text);
		return;
	}
	fail_msg("no flag %s", flag);
}

static struct loads plan_of(struct arena *arena, const struct simulated *row)
{
	struct loads plan = {.items = arena_alloc(arena, LOADS_MOST * sizeof *plan.items), .count = 1};
	char *rest = arena_strdup(arena, row->flags);
	while (rest && *rest) {
		const char *flag = strsep(&rest, " ");
		if (strcmp(flag, "+") == 0)
			plan.count++;
		else
			set_flag(arena, &plan.items[plan.count - 1], flag, strsep(&rest, " "));
		assert_in_range(plan.count, 1, LOADS_MOST);
	}
	return plan;
}

static bool is_near(double said, double truth)
{
	return fabs(said - truth) <= fmax(0.02 * truth, 0.03);
}

/* Within 2% or 30 ms of the simulation, or of what one port more or less makes of it. */
static bool is_right(const struct simulated *row, double said)
{
	if (isnan(said))
		return isnan(row->late);
	if (isnan(row->early))
		return false;
	bool after = said >= row->early || is_near(said, row->early);
	bool before = isnan(row->late) || said <= row->late || is_near(said, row->late);
	return (after && before) || is_near(said, row->truth);
}

/* Where tcp_max_tw_buckets caps TIME_WAIT, the model counts the most that may wait of what closed
 * in the last minute, and does not follow which of it was dropped: with another load beside it that
 * is up to 2% more than there is. It says too much, never too little. */
static bool is_bound(const struct simulated *row, const struct judgement *ports)
{
	bool capped = row->buckets < row->ports;
	return capped && isnan(row->late) && ports->demand <= 1.02 * row->ports;
}

static const struct judgement *ports_of(const struct result *result)
{
	for (size_t i = 0; i < result->resource_count; i++) {
		const struct judgement *j = &result->resources[i].worst;
		if (strcmp(j->rule->id, "ephemeral-ports") == 0)
			return j;
	}
	return NULL;
}

/* The curve that is drawn has the peak that was judged, and the second at which it passes. */
static void check_curve(const struct simulated *row,
		const struct result *result,
		const struct judgement *ports)
{
	const struct timeline_result *timeline = &result->timeline;
	double most = 0;
	bool has_second = isnan(ports->exhausted_at_s);
	for (size_t i = 0; i < timeline->use_count; i++) {
		const struct series *use = &timeline->use[i];
		for (size_t k = 0; k < timeline->points; k++) {
			if (timeline->t[k] == ports->exhausted_at_s)
				has_second = true;
			if (strcmp(use->id, ports->rule->id) == 0)
				most = fmax(most, use->values[k]);
		}
	}
	if (!has_second || fabs(most - ports->utilization) > 1e-5 * ports->utilization)
		fail_msg("line %d: %g drawn, %g judged", row->line, most, ports->utilization);
}

static double use_by_formulas(struct judge *judge, double scale, struct moment moment)
{
	const struct probe probe = judge_probe(judge, scale, moment);
	if (probe.capacity.kind != VALUE_NUMBER)
		return (double)NAN;
	return use_of(judge_demand(&probe), probe.capacity.number);
}

/* Demand as a sum of series is what the formula says. */
static void check_sums(const struct simulated *row, struct judge *judge)
{
	static const double seconds[] = {0, 0.7, 33, 61.5, 150};
	static const double scales[] = {0.3, 1, 2.5};
	for (size_t i = 0; i < COUNT_OF(seconds) * COUNT_OF(scales); i++) {
		const struct moment moment = moment_at(seconds[i / COUNT_OF(scales)]);
		double scale = scales[i % COUNT_OF(scales)];
		double use = judge_use(judge, scale, moment);
		double formula = use_by_formulas(judge, scale, moment);
		bool same = use == formula || (isnan(use) && isnan(formula)) ||
				fabs(use - formula) <= 1e-12 * fabs(formula);
		if (!same)
			fail_msg("line %d, %s: %.15g, by its formulas %.15g",
					row->line,
					judge->rule->id,
					use,
					formula);
	}
}

static struct situation situation_of(struct arena *arena,
		const struct facts *facts,
		struct workload *items,
		size_t count)
{
	static const struct model_options options = {.target = 0.75};
	struct situation situation;
	struct error err;
	struct state *state = arena_alloc(arena, sizeof *state);
	state->loads = (struct loads){.items = items, .count = count};
	state->facts = arena_alloc(arena, count * sizeof(struct facts *));
	for (size_t i = 0; i < count; i++)
		state->facts[i] = facts;
	assert_true(situation_build(arena, &built_in_rules, state, &options, &situation, &err));
	return situation;
}

static struct judge judge_of(const struct situation *situation, const struct limit_rule *rule)
{
	const struct instances instances = limit_instances(situation, rule);
	assert_int_equal(instances.count, 1);
	return judge_new(situation, rule, &instances.items[0], MISSING_WORST);
}

/* Two loads of one kind need what one of twice the size needs. */
static void check_two_loads(const struct simulated *row, const struct result *result)
{
	static const char *const limits[] = {"ephemeral-ports",
			"conntrack",
			"time-wait-buckets",
			"tcp-memory"};
	struct arena *arena = arena_new();
	const struct workload load = result->loads.items[0];
	struct workload plan[] = {load, load};
	const struct situation one = situation_of(arena, result->facts, plan, 1);
	const struct situation two = situation_of(arena, result->facts, plan, 2);
	for (size_t i = 0; i < COUNT_OF(limits); i++) {
		const struct limit_rule *rule = rules_limit(&built_in_rules, limits[i]);
		struct judge single = judge_of(&one, rule), both = judge_of(&two, rule);
		for (double t = 1; t < 200; t *= 3) {
			double twice = judge_use(&single, 2, moment_at(t));
			double sum = judge_use(&both, 1, moment_at(t));
			if (!isnan(twice) && fabs(sum - twice) > 1e-9 * twice)
				fail_msg("line %d, %s: %g, of twice the size %g", row->line, rule->id, sum, twice);
		}
	}
	arena_free(arena);
}

static void check_limits(const struct simulated *row, const struct result *result)
{
	struct arena *arena = arena_new();
	const struct model_options options = {.target = 0.75, .planning_constants = true};
	struct situation situation;
	struct error err;
	const struct state state = state_of_one(arena, result->facts, &result->loads.items[0]);
	assert_true(situation_build(arena, &built_in_rules, &state, &options, &situation, &err));
	const struct member member = {.load = &situation.loads[0], .name = ""};
	const struct instance instance = {.name = "", .members = &member, .member_count = 1};
	for (size_t i = 0; i < built_in_rules.limit_count; i++) {
		const struct limit_rule *rule = &built_in_rules.limits[i];
		struct judge judge = judge_new(&situation, rule, &instance, MISSING_WORST);
		check_sums(row, &judge);
	}
	arena_free(arena);
}

/* All that are opened until the plan ends; INFINITY: it does not end. */
static double opened_of(struct arena *arena, const struct loads *plan)
{
	double opened = 0;
	for (size_t i = 0; i < plan->count; i++) {
		const struct timeline timeline = timeline_build(arena, &plan->items[i], false);
		const struct moment end = moment_at(timeline.end_s);
		bool steady;
		if (isinf(timeline.end_s))
			return INFINITY;
		opened += timeline_last(&timeline, SERIES_OPENS, end, INFINITY, &steady);
	}
	return opened;
}

static void check_plan(const struct simulated *row)
{
	struct arena *arena = arena_new();
	const struct loads plan = plan_of(arena, row);
	const struct model_options options = {.target = 0.75};
	struct result result;
	struct error err;
	if (!model_run(arena, &built_in_rules, host_of(arena, row), &plan, &options, &result, &err))
		fail_msg("line %d: %s", row->line, err.text);
	const struct judgement *ports = ports_of(&result);
	double opened = opened_of(arena, &result.loads);
	bool bound = plan.count > 1 && is_bound(row, ports);
	if (!bound && !is_right(row, ports->exhausted_at_s))
		fail_msg("line %d: %g s, simulated %g", row->line, ports->exhausted_at_s, row->truth);
	if (ports->over && isnan(ports->exhausted_at_s))
		fail_msg("line %d: over, but never", row->line);
	if (ports->demand > opened * (1 + 1e-9))
		fail_msg("line %d: %g ports of %g opened", row->line, ports->demand, opened);
	check_curve(row, &result, ports);
	if (row->line % 8 == 0 && plan.count == 1) {
		check_limits(row, &result);
		check_two_loads(row, &result);
	}
	arena_free(arena);
}

static void check_file(const char *variable, const char *usual, int least)
{
	char line[LINE_CHARS];
	int number = 0, plans = 0;
	const char *path = getenv(variable);
	if (!path)
		path = usual;
	FILE *file = fopen(path, "r");
	assert_non_null(file);
	while (fgets(line, sizeof line, file)) {
		number++;
		if (*line == '#')
			continue;
		const struct simulated row = parse(line, number);
		check_plan(&row);
		plans++;
	}
	(void)fclose(file);
	assert_true(plans >= least);
}

static void random_plans(void **state)
{
	(void)state;
	check_file("HEADROOM_EXHAUSTION", "tests/exhaustion.test", PLANS_LEAST);
}

static void random_loads(void **state)
{
	(void)state;
	check_file("HEADROOM_EXHAUSTION_LOADS", "tests/exhaustion-loads.test", LOADS_LEAST);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(random_plans),
			cmocka_unit_test(random_loads),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
