/* What measurements do to a verdict, and what is expected of them. Rules are built here. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/array.h"
#include "model/expectation.h"
#include "model/model.h"
#include "tests/unit/formula_test.h"

enum {
	MEASUREMENTS_MAX = 4
};

struct bench {
	struct arena *arena;
	struct limit_rule limits[2];
	struct fix_rule fix;
	struct rules rules;
	struct facts *facts;
	struct workload workload;
	struct measurement measurements[MEASUREMENTS_MAX];
	struct model_options options;
	struct result result;
	struct error err;
};

static const struct expr *formula(struct bench *b, const char *text)
{
	return formula_of(b->arena, text);
}

static struct limit_rule limit(struct bench *b,
		const char *id,
		const char *calibrator,
		const char *demand,
		const char *capacity)
{
	return (struct limit_rule){.id = id,
			.title = id,
			.unit = "things",
			.scope = SCOPE_HOST,
			.severity = SEVERITY_HARD,
			.applies = formula(b, "true"),
			.demand = formula(b, demand),
			.capacity = formula(b, capacity),
			.breaks_as = "it needs more things",
			.divides = true,
			.calibrated_by = calibrator,
			.origin = "test"};
}

/* 700 connections; a limit of 1,000 that "ports" measures, one of 4,000 whose share per connection
 * "conntrack" does. */
static struct bench *bench_new(void)
{
	struct arena *arena = arena_new();
	struct bench *b = arena_alloc(arena, sizeof *b);
	b->arena = arena;
	b->facts = facts_new(arena);
	b->limits[0] = limit(b, "first", "ports", "live", "net.core.somaxconn");
	b->limits[1] = limit(b, "second", "conntrack", "k * live", "fs.file-max");
	struct rule_let *lets = arena_alloc(arena, 2 * sizeof *lets);
	lets[0] = (struct rule_let){"k",
			formula(b,
					"if(known(measured.entries_per_connection), "
					"measured.entries_per_connection, 1)")};
	lets[1] = (struct rule_let){"constant",
			formula(b,
					"if(known(measured.entries_per_connection), "
					"measured.entries_per_connection, 4)")};
	b->limits[1].lets = lets;
	b->limits[1].let_count = 2;
	b->limits[1].planning_demand = formula(b, "constant * live");
	b->rules = (struct rules){.limits = b->limits, .limit_count = 2, .fixes = &b->fix};
	b->options = (struct model_options){.target = 0.75,
			.planning_constants = true,
			.measurements = b->measurements};
	assert_true(workload_set(arena, &b->workload, W_CONNECTIONS, "700", "test", &b->err));
	facts_put_number(b->facts, "net.core.somaxconn", NULL, 1000, UNIT_COUNT, "test");
	facts_put_number(b->facts, "fs.file-max", NULL, 4000, UNIT_COUNT, "test");
	return b;
}

static void add(struct bench *b, struct measurement m)
{
	m.unit = m.unit ? m.unit : "things";
	b->measurements[b->options.measurement_count++] = m;
}

static void run(struct bench *b)
{
	const struct loads plan = loads_of(&b->workload);
	if (!model_run(b->arena, &b->rules, b->facts, &plan, &b->options, &b->result, &b->err))
		fail_msg("%s", b->err.text);
}

static const struct finding *disagreement(const struct bench *b)
{
	for (size_t i = 0; i < b->result.finding_count; i++)
		if (!strcmp(b->result.findings[i].id, "calibration-disagrees"))
			return &b->result.findings[i];
	return NULL;
}

static void lower_capacity_counts(void **state)
{
	(void)state;
	static const struct {
		double predicted, measured, tolerance, parts;
		bool comparable;
		double capacity, shown; /* used, and calibrated.measured (NAN: modelled only) */
		bool finding;
	} cases[] = {
			{1000, 1000, 0, 1, true, 1000, 1000, false},
			{1000, 999, 1, 1, true, 999, 999, false}, /* an odd range: agrees, the lower one counts
	                                                   */
			{1000, 900, 0, 1, true, 900, 900, true},
			{1000, 1100, 0, 1, true, 1000, 1100, true}, /* more than predicted is not promised */
			{1000, 900, 0, 1, false, 1000, NAN, false}, /* under other settings */
			{1000, NAN, 0, 1, true, 1000, NAN, false},  /* stopped early */
			{NAN, 900, 0, 1, true, 1000, NAN, false},   /* nothing to compare with */
			{4000, 3600, 0, 4, true, 900, 900, true},   /* four pools together */
			{1200, 1100, 0, 1, true, 900, 900, true},   /* the same shortfall where the model counts
	                                                       what is in use */
			{INFINITY, 800, 0, 1, true, 800, 800, true}, /* unlimited, says the model */
			{INFINITY, INFINITY, 0, 1, true, 1000, INFINITY, false},
			{1000, 0, 0, 1, true, 0, 0, true},
	};
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct bench *b = bench_new();
		add(b,
				(struct measurement){.calibrator = "ports",
						.predicted = cases[i].predicted,
						.measured = cases[i].measured,
						.tolerance = cases[i].tolerance,
						.parts = cases[i].parts,
						.comparable = cases[i].comparable});
		run(b);
		const struct judgement *j = &b->result.resources[0].worst;
		if (j->capacity != cases[i].capacity)
			fail_msg("case %zu: capacity %g, not %g", i, j->capacity, cases[i].capacity);
		assert_int_equal(j->calibrated != NULL, !isnan(cases[i].shown));
		if (j->calibrated) {
			assert_true(j->calibrated->measured == cases[i].shown);
			assert_true(j->calibrated->used == cases[i].capacity);
			assert_true(j->calibrated->predicted == 1000);
		}
		if ((disagreement(b) != NULL) != cases[i].finding)
			fail_msg("case %zu: finding", i);
		arena_free(b->arena);
	}
}

static void verdict_follows(void **state)
{
	(void)state;
	struct bench *b = bench_new();
	b->options.planning_constants = false;
	run(b);
	assert_int_equal(b->result.verdict, VERDICT_PASS);
	add(b,
			(struct measurement){.calibrator = "ports",
					.predicted = 1000,
					.measured = 650,
					.parts = 1,
					.comparable = true});
	run(b);
	assert_int_equal(b->result.verdict, VERDICT_FAIL);
	assert_true(b->result.resources[0].worst.over);
	assert_true(b->result.max_safe.connections == 487); /* 75% of 650 */
	const struct finding *finding = disagreement(b);
	assert_non_null(finding);
	assert_string_equal(finding->severity, "warning");
	assert_non_null(strstr(finding->text, "1,000"));
	assert_non_null(strstr(finding->text, "650"));
	assert_non_null(strstr(b->result.resources[0].worst.capacity_substituted, "measured 650"));
	arena_free(b->arena);
}

static void fixes_keep_the_shortfall(void **state)
{
	(void)state;
	struct bench *b = bench_new();
	b->options.planning_constants = false;
	static const char *ids[] = {"raise"};
	b->fix = (struct fix_rule){.id = "raise",
			.title = "raise it",
			.kind = FIX_FACT,
			.target = "net.core.somaxconn",
			.command = "sysctl {to}"};
	b->rules.fix_count = 1;
	b->limits[0].fixes = (struct rule_text_list){ids, 1};
	add(b,
			(struct measurement){.calibrator = "ports",
					.predicted = 1000,
					.measured = 800,
					.parts = 1,
					.comparable = true});
	run(b);
	assert_int_equal(b->result.verdict, VERDICT_FAIL);
	assert_int_equal(b->result.fix_count, 1);
	assert_true(b->result.fixes[0].fits);
	/* 700 / 0.75 = 933.3, and the 200 that the kernel fell short */
	assert_true(b->result.fixes[0].changes[0].to == 1134);
	arena_free(b->arena);
}

static void instance_of_its_own(void **state)
{
	(void)state;
	struct bench *b = bench_new();
	add(b,
			(struct measurement){.calibrator = "ports",
					.instance = "other",
					.predicted = 1000,
					.measured = 10,
					.parts = 1,
					.comparable = true});
	run(b);
	assert_true(b->result.resources[0].worst.capacity == 1000);
	assert_null(b->result.resources[0].worst.calibrated);
	arena_free(b->arena);
}

static void measured_entries_replace_the_constant(void **state)
{
	(void)state;
	static const struct {
		double measured;
		bool comparable;
		double demand;
		bool planning;
	} cases[] = {{1, true, 700, false},
			{2, true, 1400, false},
			{1, false, 2800, true},
			{NAN, true, 2800, true}};
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct bench *b = bench_new();
		add(b,
				(struct measurement){.calibrator = "conntrack",
						.quantity = "entries_per_connection",
						.predicted = 1,
						.measured = cases[i].measured,
						.parts = 1,
						.comparable = cases[i].comparable});
		run(b);
		const struct judgement *j = &b->result.resources[1].worst;
		assert_true(j->demand == cases[i].demand);
		assert_true(j->capacity == 4000);
		assert_int_equal(j->planning, cases[i].planning);
		assert_int_equal(j->calibrated != NULL, !cases[i].planning);
		assert_int_equal(disagreement(b) != NULL, cases[i].comparable && cases[i].measured == 2);
		assert_true(b->result.expectation.entries_per_connection ==
				(cases[i].planning ? 1 : cases[i].measured));
		arena_free(b->arena);
	}
}

static void predictions(void **state)
{
	(void)state;
	static const struct {
		const char *bind;
		double pools;
	} cases[] = {{"none", 3}, {"wildcard", 1}, {"address", 2}, {"noport", 6}};
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct expectation e = {.usable_ports = 100,
				.hold_s = 50,
				.nofile = 64,
				.open_below = 5,
				.queue = 8,
				.entries_per_connection = 2,
				.connection_bytes = 4096,
				.pools = cases[i].pools};
		double parts;
		assert_true(expectation_of(&e, "ports", &parts) == 100 * cases[i].pools);
		assert_true(parts == cases[i].pools);
		assert_true(expectation_of(&e, "churn", &parts) == 2);
		assert_true(parts == 1);
		assert_true(expectation_of(&e, "fds", &parts) == 59);
		assert_true(expectation_of(&e, "accept", &parts) == 8);
		assert_true(expectation_of(&e, "conntrack", &parts) == 2);
		assert_true(expectation_of(&e, "memory", &parts) == 4096);
		assert_true(isnan(expectation_of(&e, "scale", &parts)));
		struct bench *b = bench_new();
		assert_true(workload_set(b->arena, &b->workload, W_BIND, cases[i].bind, "test", &b->err));
		struct rule_let *lets = arena_alloc(b->arena, 3 * sizeof *lets);
		lets[0] = (struct rule_let){"destinations", formula(b, "3")};
		lets[1] = (struct rule_let){"sources", formula(b, "2")};
		lets[2] = (struct rule_let){"hold", formula(b, "60 s")};
		b->limits[0].lets = lets;
		b->limits[0].let_count = 3;
		run(b);
		assert_true(b->result.expectation.pools == cases[i].pools);
		assert_true(b->result.expectation.hold_s == 60);
		assert_true(b->result.expectation.queue ==
				1001); /* no listener in the plan: min(4096, somaxconn) + 1 */
		arena_free(b->arena);
	}
}

/* More than a lower bound is no disagreement, less than its tolerance is. */
static void lower_bounds(void **state)
{
	struct measurement m = {.predicted = 100, .measured = 180, .tolerance = 20};
	(void)state;
	assert_true(measurement_disagrees(&m));
	m.lower_bound = true;
	assert_false(measurement_disagrees(&m));
	m.measured = 81;
	assert_false(measurement_disagrees(&m));
	m.measured = 79;
	assert_true(measurement_disagrees(&m));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(lower_capacity_counts),
			cmocka_unit_test(verdict_follows),
			cmocka_unit_test(fixes_keep_the_shortfall),
			cmocka_unit_test(instance_of_its_own),
			cmocka_unit_test(measured_entries_replace_the_constant),
			cmocka_unit_test(predictions),
			cmocka_unit_test(lower_bounds),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
