/* Judging: bounds of missing facts, scales, planning constants, the ladder, hosts. Rules are built
 * here, so that what is tested is the model and not the rule files (those run their own examples).
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/array.h"
#include "model/derive.h"
#include "model/model.h"
#include "tests/unit/formula_test.h"

struct bench {
	struct arena *arena;
	struct limit_rule limits[2];
	struct fix_rule fixes[2];
	struct rules rules;
	struct facts *facts;
	struct workload workload;
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
			.origin = "test"};
}

static struct bench *bench_new(const char *connections)
{
	struct arena *arena = arena_new();
	struct bench *b = arena_alloc(arena, sizeof *b);
	b->arena = arena;
	b->facts = facts_new(arena);
	b->limits[0] = limit(b, "first", "live", "net.core.somaxconn");
	b->limits[1] = limit(b, "second", "live", "fs.file-max");
	b->rules = (struct rules){.limits = b->limits, .limit_count = 2, .fixes = b->fixes};
	b->options = (struct model_options){.target = 0.75, .planning_constants = true};
	assert_true(workload_set(arena, &b->workload, W_CONNECTIONS, connections, "test", &b->err));
	facts_put_number(b->facts, "net.core.somaxconn", NULL, 1000, UNIT_COUNT, "test");
	facts_put_number(b->facts, "fs.file-max", NULL, 4000, UNIT_COUNT, "test");
	return b;
}

static void run(struct bench *b)
{
	const struct loads plan = loads_of(&b->workload);
	if (!model_run(b->arena, &b->rules, b->facts, &plan, &b->options, &b->result, &b->err))
		fail_msg("%s", b->err.text);
}

static void verdicts(void **state)
{
	(void)state;
	static const struct {
		const char *connections;
		enum verdict verdict;
		bool over;
	} cases[] = {{"100", VERDICT_PASS, false},
			{"750", VERDICT_PASS, false},
			{"751", VERDICT_FAIL, false},
			{"1000", VERDICT_FAIL, false},
			{"1001", VERDICT_FAIL, true}};
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct bench *b = bench_new(cases[i].connections);
		run(b);
		assert_int_equal(b->result.verdict, cases[i].verdict);
		assert_string_equal(b->result.binding->rule->id, "first");
		assert_int_equal(b->result.resources[0].worst.over, cases[i].over);
		assert_true(b->result.max_safe.connections == 750);
		assert_true(b->result.breaks.connections == 1000);
		arena_free(b->arena);
	}
}

/* What breaks at the lowest load need not be what breaks soonest: the second belongs to the limit
 * named. */
static void second_of_the_limit_named(void **state)
{
	(void)state;
	struct bench *b = bench_new("4000");
	b->workload.values[W_CONNECTIONS].set = false;
	b->limits[0] = limit(b, "first", "last(closes, 60 s)", "net.core.somaxconn");
	b->limits[1] = limit(b, "second", "live", "fs.file-max");
	facts_put_number(b->facts, "fs.file-max", NULL, 3000, UNIT_COUNT, "test");
	assert_true(
			workload_set(b->arena, &b->workload, W_STAGES, "40s:4000,0s:0,60s:0", "test", &b->err));
	run(b);
	assert_string_equal(b->result.breaks_first->rule->id, "first");
	assert_true(fabs(b->result.breaks_at_s - 40) < 1e-6);
	assert_true(fabs(b->result.resources[1].worst.exhausted_at_s - 30) < 1e-6);
	assert_true(b->result.resources[1].worst.demand > 3999.999); /* just before the jump down */
	arena_free(b->arena);
}

/* Of two destinations one is fuller now, and the other, which two names of the plan share, is full
 * first. */
static void first_full_instance_counts(void **state)
{
	(void)state;
	struct bench *b = bench_new("10");
	struct facts *facts = b->facts;
	b->limits[0] = limit(b, "first", "live * destination.sharing + destination.in_use", "100");
	b->limits[0].scope = SCOPE_DESTINATION;
	assert_true(workload_set(b->arena,
			&b->workload,
			W_DESTINATIONS,
			"10.0.0.1:1,10.0.0.2:1,x.example:1",
			"test",
			&b->err));
	facts_put_text(facts, "net.ipv4.ip_local_port_range", NULL, "20000 20099", "test");
	facts_put_text(facts, "name.addresses", "x.example", "10.0.0.1", "test");
	facts_put_text(facts, "route.source", "10.0.0.2", "10.0.0.2", "test");
	facts_put_number(facts, "ports.in_use", NULL, 20, UNIT_COUNT, "test");
	facts_put_number(facts, "pool.ports", "10.0.0.2>10.0.0.2:1", 20, UNIT_COUNT, "test");
	facts_put_number(facts, "pool.reusable", "10.0.0.2>10.0.0.2:1", 0, UNIT_COUNT, "test");
	facts_put_number(facts, "pools.total", NULL, 1, UNIT_COUNT, "test");
	facts_put_number(facts, "pools.unlisted", NULL, 0, UNIT_COUNT, "test");
	facts_put_list(facts, "pool.ports", LIST_COMPLETE, NULL);
	run(b);
	const struct resource *first = &b->result.resources[0];
	assert_int_equal(first->worst.status, STATUS_PASS);
	assert_string_equal(first->worst.instance, "10.0.0.1:1");
	assert_int_equal((int)b->result.max_safe.connections, 37);
	assert_int_equal((int)b->result.breaks.connections, 50);
	arena_free(b->arena);
}

static void missing(struct bench *b, enum fact_status status)
{
	facts_put_missing(b->facts, "net.core.somaxconn", NULL, status, UNIT_COUNT, "test", "test");
}

/* A missing fact makes the limit unknown only where its bounds allow different outcomes. */
static void bounded(void **state)
{
	(void)state;
	static const struct {
		const char *connections, *worst, *best;
		bool assume;
		enum status status;
	} cases[] = {{"100", NULL, NULL, false, STATUS_UNKNOWN},
			{"90", "128", "unlimited", false, STATUS_PASS},
			{"100", "128", "unlimited", false, STATUS_UNKNOWN},
			{"100", "128", "unlimited", true, STATUS_FAIL},
			{"1000", "128", "512", false, STATUS_FAIL}};
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct bench *b = bench_new(cases[i].connections);
		struct rule_bound bound = {.fact = "net.core.somaxconn",
				.because = "test",
				.assume_worst = cases[i].assume};
		missing(b, FACT_DENIED);
		if (cases[i].worst) {
			bound.worst = formula(b, cases[i].worst);
			bound.best = formula(b, cases[i].best);
			b->limits[0].bounds = &bound;
			b->limits[0].bound_count = 1;
		}
		run(b);
		const struct judgement *j = &b->result.resources[0].worst;
		if (j->status != cases[i].status)
			fail_msg("case %zu: %s", i, status_name(j->status));
		if (j->status == STATUS_UNKNOWN) {
			assert_int_equal(b->result.verdict, VERDICT_UNKNOWN);
			assert_non_null(strstr(j->reason, "net.core.somaxconn is denied"));
		} else {
			assert_int_equal(j->assumed.count, 1);
		}
		arena_free(b->arena);
	}
}

/* Unknown is never pass, but a fail elsewhere is a fail. */
static void fail_beats_unknown(void **state)
{
	(void)state;
	struct bench *b = bench_new("5000");
	missing(b, FACT_DENIED);
	run(b);
	assert_int_equal(b->result.verdict, VERDICT_FAIL);
	assert_string_equal(b->result.binding->rule->id, "second");
	arena_free(b->arena);
}

static void absent_means(void **state)
{
	(void)state;
	struct bench *b = bench_new("100");
	struct rule_absent absent = {.fact = "net.core.somaxconn",
			.value = formula(b, "200"),
			.because = "default"};
	b->limits[0].absents = &absent;
	b->limits[0].absent_count = 1;
	missing(b, FACT_ABSENT);
	run(b);
	assert_true(b->result.resources[0].worst.capacity == 200);
	missing(b, FACT_DENIED); /* denied is not absent */
	run(b);
	assert_int_equal(b->result.resources[0].worst.status, STATUS_UNKNOWN);
	absent.value = NULL;
	missing(b, FACT_ABSENT);
	run(b);
	assert_int_equal(b->result.resources[0].worst.status, STATUS_NOT_APPLICABLE);
	arena_free(b->arena);
}

static void ignored_and_waived(void **state)
{
	(void)state;
	struct bench *b = bench_new("2000");
	const char *ignore[] = {"first"}, *unknown[] = {"nothing"};
	b->options.ignore = ignore;
	b->options.ignore_count = 1;
	run(b);
	assert_int_equal(b->result.verdict, VERDICT_PASS);
	assert_string_equal(b->result.binding->rule->id, "second");
	b->options.ignore = unknown;
	const struct loads plan = loads_of(&b->workload);
	assert_false(model_run(b->arena, &b->rules, b->facts, &plan, &b->options, &b->result, &b->err));
	b->options.ignore_count = 0;
	struct waiver waiver = {.id = "first", .justification = "tested", .expires = "2030-01-01"};
	b->options.waivers = &waiver;
	b->options.waiver_count = 1;
	run(b);
	assert_int_equal(b->result.verdict, VERDICT_PASS);
	waiver.expired = true;
	run(b);
	assert_int_equal(b->result.verdict, VERDICT_FAIL);
	assert_string_equal(b->result.findings[b->result.finding_count - 1].id, "waiver-expired");
	arena_free(b->arena);
}

static void nothing_applies_is_an_error(void **state)
{
	(void)state;
	struct bench *b = bench_new("100");
	b->limits[0].applies = b->limits[1].applies = formula(b, "workload.role == server");
	const struct loads plan = loads_of(&b->workload);
	assert_false(model_run(b->arena, &b->rules, b->facts, &plan, &b->options, &b->result, &b->err));
	assert_non_null(strstr(b->err.text, "nothing"));
	arena_free(b->arena);
}

static void planning_constant(void **state)
{
	(void)state;
	struct bench *b = bench_new("300");
	b->limits[0].planning_demand = formula(b, "4 * live");
	run(b);
	const struct judgement *j = &b->result.resources[0].worst;
	assert_true(j->demand == 1200 && j->kernel_demand == 300);
	assert_true(j->planning && j->planning_fails);
	b->options.planning_constants = false;
	run(b);
	assert_int_equal(b->result.verdict, VERDICT_PASS);
	arena_free(b->arena);
}

/* The smallest sufficient value, rounded up; then what binds next; hosts before and after. */
static void ladder(void **state)
{
	(void)state;
	struct bench *b = bench_new("3500");
	const char *first[] = {"raise-first"}, *second[] = {"raise-second"};
	b->fixes[0] = (struct fix_rule){.id = "raise-first",
			.title = "to {to}",
			.kind = FIX_FACT,
			.target = "net.core.somaxconn",
			.applies = formula(b, "true"),
			.rounding = ROUND_POW2,
			.command = "set {from} {to}"};
	b->fixes[1] = (struct fix_rule){.id = "raise-second",
			.title = "to {to}",
			.kind = FIX_FACT,
			.target = "fs.file-max",
			.applies = formula(b, "true"),
			.rounding = ROUND_1000,
			.command = "set {to}"};
	b->rules.fix_count = 2;
	b->limits[0].fixes = (struct rule_text_list){first, 1};
	b->limits[1].fixes = (struct rule_text_list){second, 1};
	run(b);
	assert_int_equal(b->result.fix_count, 2);
	assert_string_equal(b->result.fixes[0].command, "set 1000 8192"); /* 3500 / 0.75 = 4667 */
	assert_string_equal(b->result.fixes[0].next, "second");
	assert_true(b->result.fixes[0].after.connections == 3000);
	assert_string_equal(b->result.fixes[1].command, "set 5000"); /* 4667 to the next thousand */
	assert_true(b->result.fixes[1].fits);
	assert_true(b->result.hosts_now == 5 && b->result.hosts_after == 1);
	/* Hosts over load: what the plan needs stands at scale 1, and more load never needs fewer. */
	assert_int_equal(b->result.sizing_count, 16);
	for (size_t i = 0; i < b->result.sizing_count; i++) {
		const struct sizing_point *point = &b->result.sizing[i], *before = i ? point - 1 : point;
		assert_true(point->load.scale == (double)(i + 1) / 4 && point->now >= before->now);
		assert_true(point->after_fixes >= before->after_fixes && point->after_fixes <= point->now);
	}
	assert_true(b->result.sizing[3].now == 5 && b->result.sizing[3].after_fixes == 1);
	assert_true(b->result.sizing[0].now == 2 && b->result.sizing[15].now > 5);
	arena_free(b->arena);
}

static void ranges(void **state)
{
	(void)state;
	static const struct {
		const char *range, *reserved, *listening, *bound;
		double usable;
	} cases[] = {{"32768 60999", "", "", "", 28232},
			{"32768\t60999", NULL, NULL, NULL, 28232},
			{"40000 40099", "40010-40019", "", "", 90},
			{"40000 40099", "40010-40019", "40019-40020", "", 89},
			{"40000 40099", "", "40005", "40005,40007", 98},
			{"1024 65535", "", "80", "", 64512}};
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct arena *arena = arena_new();
		struct facts *facts = facts_new(arena);
		struct rules rules = {0};
		const char *const pairs[][2] = {{"net.ipv4.ip_local_port_range", cases[i].range},
				{"net.ipv4.ip_local_reserved_ports", cases[i].reserved},
				{"ports.listening", cases[i].listening},
				{"ports.bound", cases[i].bound}};
		facts->whole = true;
		for (size_t k = 0; k < 4; k++)
			if (pairs[k][1])
				facts_put_text(facts, pairs[k][0], NULL, pairs[k][1], "test");
		derive_facts(facts, &rules);
		assert_true(facts_number(facts, "ports.usable") == cases[i].usable);
		arena_free(arena);
	}
}

static void bad_ranges(void **state)
{
	(void)state;
	static const char *const texts[] =
			{"", "1", "60999 32768", "0 10", "1 65536", "a b", "1 2 3", "99999999999 1"};
	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		struct arena *arena = arena_new();
		struct facts *facts = facts_new(arena);
		struct rules rules = {0};
		facts_put_text(facts, "net.ipv4.ip_local_port_range", NULL, texts[i], "test");
		derive_facts(facts, &rules);
		assert_true(isnan(facts_number(facts, "ports.usable")));
		assert_int_equal(facts_get(facts, "ports.usable", "")->status, FACT_MALFORMED);
		arena_free(arena);
	}
}

static void widening_reserves_listeners(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	struct facts *facts = facts_new(arena);
	struct rules rules = {0};
	facts_put_text(facts, "net.ipv4.ip_local_port_range", NULL, "32768 60999", "test");
	facts_put_text(facts, "net.ipv4.ip_local_reserved_ports", NULL, "61000", "test");
	facts->whole = true;
	facts_put_text(facts, "ports.listening", NULL, "22,27017", "test");
	facts_put_text(facts, "ports.published", NULL, "8080", "test");
	derive_facts(facts, &rules);
	derive_set_range(facts, 1024, 65535);
	derive_facts(facts, &rules);
	assert_string_equal(facts_text(facts, "net.ipv4.ip_local_reserved_ports"), "8080,27017,61000");
	assert_true(facts_number(facts, "ports.usable") == 64512 - 3);
	arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(verdicts),
			cmocka_unit_test(second_of_the_limit_named),
			cmocka_unit_test(bounded),
			cmocka_unit_test(fail_beats_unknown),
			cmocka_unit_test(absent_means),
			cmocka_unit_test(ignored_and_waived),
			cmocka_unit_test(nothing_applies_is_an_error),
			cmocka_unit_test(planning_constant),
			cmocka_unit_test(ladder),
			cmocka_unit_test(ranges),
			cmocka_unit_test(bad_ranges),
			cmocka_unit_test(first_full_instance_counts),
			cmocka_unit_test(widening_reserves_listeners),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
