/* Where names in formulas get their values: facts, the plan, series, terms of the rule, and the
 * model's own names, whose units and values must agree. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/array.h"
#include "model/names.h"
#include "model/own_names.h"
#include "tests/unit/state_test.h"

struct place {
	struct arena *arena;
	struct facts *facts;
	struct rules rules;
	struct egress_rule egress[3];
	struct workload workload;
	struct model_options options;
	struct measurement measurements[2];
	struct situation situation;
};

static bool build(struct place *place, struct error *err)
{
	const struct state state = state_of_one(place->arena, place->facts, &place->workload);
	return situation_build(place->arena,
			&place->rules,
			&state,
			&place->options,
			&place->situation,
			err);
}

/* A plan with what the test sets, for a host with a few facts. */
static void settle(struct place *place)
{
	struct assumption *assumptions;
	size_t count;
	struct error err = {0};
	if (!workload_complete(place->arena, &place->workload, &assumptions, &count, &err))
		fail_msg("%s", err.text);
	if (!build(place, &err))
		fail_msg("%s", err.text);
}

static void set_text(struct place *place, enum workload_field field, const char *text)
{
	struct error err = {0};
	if (!workload_set(place->arena, &place->workload, field, text, "test", &err))
		fail_msg("%s", err.text);
}

static const char *pool_rows[] = {"50 1024", "100 512"};

static int set_up(void **state)
{
	static struct place place;
	place = (struct place){.arena = arena_new(),
			.options = {.target = 0.75, .planning_constants = true}};
	place.egress[0] = (struct egress_rule){.id = "by-address",
			.ports_per_ip = 55000,
			.ports = NAN,
			.max_ips = 8,
			.default_ips = 1,
			.hold_s = 350};
	place.egress[1] = (struct egress_rule){.id = "by-machine",
			.ports_per_ip = NAN,
			.ports = 64,
			.max_ports = 2048,
			.default_ips = 1,
			.reset_hold_s = NAN,
			.idle_s = NAN,
			.hold_s = 120};
	place.egress[2] = (struct egress_rule){.id = "by-pool",
			.ports_per_ip = NAN,
			.ports = NAN,
			.ports_by_vms = {pool_rows, COUNT_OF(pool_rows)},
			.max_ports = 64000,
			.default_ips = 1,
			.hold_s = 240,
			.reset_hold_s = 15,
			.idle_s = 240};
	place.rules = (struct rules){.egress = place.egress, .egress_count = COUNT_OF(place.egress)};
	place.facts = facts_new(place.arena);
	facts_put_number(place.facts, "net.core.somaxconn", NULL, 4096, UNIT_COUNT, NULL);
	facts_put_missing(place.facts,
			"fs.file-max",
			NULL,
			FACT_DENIED,
			UNIT_COUNT,
			NULL,
			"no permission");
	set_text(&place, W_CONNECTIONS, "1000");
	set_text(&place, W_LIFETIME, "10");
	*state = &place;
	return 0;
}

static int tear_down(void **state)
{
	struct place *place = *state;
	arena_free(place->arena);
	return 0;
}

static struct value ask(const struct place *place,
		const struct limit_rule *rule,
		enum missing_mode mode,
		const char *name)
{
	struct expr_env env = names_env(names_new(&place->situation, rule, "", mode));
	struct value value = value_unknown(name);
	if (!env.lookup(env.context, name, &value))
		fail_msg("%s: no such name", name);
	return value;
}

static double number(const struct place *place, const char *name)
{
	struct value value = ask(place, NULL, MISSING_UNKNOWN, name);
	return value.kind == VALUE_UNKNOWN ? (double)NAN : value.number;
}

/* Each has one row for its unit and its value. */
static void own_names_agree(void **state)
{
	static const struct {
		const char *name;
		enum unit unit;
	} rows[] = {
			{"to_loopback", UNIT_BOOL},
			{"staged", UNIT_BOOL},
			{"planning_constants", UNIT_BOOL},
			{"target_utilization", UNIT_RATIO},
			{"egress.given", UNIT_BOOL},
			{"egress.ips", UNIT_COUNT},
			{"egress.ports", UNIT_COUNT},
			{"egress.hold_s", UNIT_SECONDS},
			{"egress.reset_hold_s", UNIT_SECONDS},
			{"egress.idle_s", UNIT_SECONDS},
			{"workload.nofile_count", UNIT_COUNT},
			{"measured.entries_per_connection", UNIT_COUNT},
			{"measured.connection_bytes", UNIT_BYTES},
	};
	struct place *place = *state;
	settle(place);
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		enum unit unit = UNIT_TEXT;
		struct value value;
		assert_true(own_name_unit(rows[i].name, &unit));
		assert_int_equal(unit, rows[i].unit);
		assert_true(
				own_name_value(&place->situation, place->situation.loads, rows[i].name, &value));
		if (unit == UNIT_BOOL)
			assert_int_equal(value.kind, VALUE_BOOL);
		else if (value.kind == VALUE_NUMBER)
			assert_int_equal(value.unit, unit);
		else
			assert_string_equal(value.missing, rows[i].name);
	}
	enum unit unit;
	struct value value;
	assert_false(own_name_unit("measured.other", &unit));
	assert_false(own_name_value(&place->situation, place->situation.loads, "egress", &value));
}

static void own_values(void **state)
{
	struct place *place = *state;
	settle(place);
	assert_true(number(place, "target_utilization") == 0.75);
	assert_true(number(place, "planning_constants") == 1);
	assert_true(number(place, "egress.given") == 0);
	assert_true(isnan(number(place, "egress.ports")));
	assert_true(isnan(number(place, "workload.nofile_count")));
	assert_true(isnan(number(place, "measured.connection_bytes")));
	place->measurements[0] = (struct measurement){.quantity = "connection_bytes", .measured = 3000};
	place->measurements[1] = (struct measurement){.quantity = "connection_bytes",
			.measured = 3900,
			.comparable = true};
	place->options.measurements = place->measurements;
	place->options.measurement_count = 2;
	set_text(place, W_EGRESS, "by-address:ips=2");
	set_text(place, W_NOFILE, "5000");
	settle(place);
	assert_true(number(place, "measured.connection_bytes") == 3900); /* the comparable one */
	assert_true(number(place, "egress.ports") == 110000);
	assert_true(number(place, "egress.ips") == 2);
	assert_true(number(place, "workload.nofile_count") == 5000);
	set_text(place, W_EGRESS, "by-machine");
	settle(place);
	assert_true(number(place, "egress.ports") == 64);
	assert_true(number(place, "egress.hold_s") == 120);
	assert_true(number(place, "egress.reset_hold_s") == 120);
	assert_true(isnan(number(place, "egress.idle_s")));
	set_text(place, W_EGRESS, "by-machine:ports=2048:hold=30s");
	settle(place);
	assert_true(number(place, "egress.ports") == 2048);
	assert_true(number(place, "egress.hold_s") == 30);
	set_text(place, W_EGRESS, "by-pool");
	settle(place);
	assert_true(number(place, "egress.ports") == 1024);
	assert_true(number(place, "egress.reset_hold_s") == 15);
	assert_true(number(place, "egress.idle_s") == 240);
	set_text(place, W_EGRESS, "by-pool:vms=51");
	settle(place);
	assert_true(number(place, "egress.ports") == 512);
}

static void egress_is_checked(void **state)
{
	static const struct {
		const char *given, *error;
	} cases[] = {
			{"nowhere", "--egress nowhere: unknown provider"},
			{"by-address:ips=9", "1 to 8 addresses"},
			{"by-address:ips=0", "1 to 8 addresses"},
			{"by-address:zones=2", "only :ips=N, :ports=N, :vms=N and :hold=T are understood"},
			{"by-address:vms=2", "do not depend on the number of machines"},
			{"by-address:ports=2", "gives no ports to single machines"},
			{"by-machine:ips=2", "are given to each machine"},
			{"by-machine:ports=0", "1 to 2048 ports"},
			{"by-machine:ports=2049", "1 to 2048 ports"},
			{"by-pool:vms=0", "1 to 100 machines"},
			{"by-pool:vms=101", "1 to 100 machines"},
			{"by-pool:", "are understood"},
	};
	struct place *place = *state;
	settle(place);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct error err = {0};
		place->workload.values[W_EGRESS] = (struct workload_value){.set = true,
				.text = cases[i].given};
		assert_false(build(place, &err));
		if (!strstr(err.text, cases[i].error))
			fail_msg("%s: %s", cases[i].given, err.text);
	}
}

/* The part of the closes that this side starts; of tools nothing is known here. */
static void who_closes(void **state)
{
	struct place *place = *state;
	set_text(place, W_CLOSER, "client");
	settle(place);
	assert_true(number(place, "closes") == 100 && number(place, "closes_here") == 100);
	set_text(place, W_CLOSER, "server");
	settle(place);
	assert_true(number(place, "closes_here") == 0);
	place->workload.values[W_CLOSER].confidence = CONFIDENCE_ESTIMATE;
	settle(place);
	assert_true(number(place, "closes_here") == 100);
	set_text(place, W_CLIENT_CLOSES, "25%");
	settle(place);
	assert_true(number(place, "closes_here") == 25);
	place->options.pessimistic = true;
	settle(place);
	assert_true(number(place, "closes_here") == 100);
}

/* A term of the rule goes before all else, and a missing fact is what the rule says. */
static void names_of_a_rule(void **state)
{
	struct place *place = *state;
	struct error err = {0};
	struct rule_let lets[] = {
			{"live", expr_parse(place->arena, "7", &err)},
			{"twice", expr_parse(place->arena, "2 * live", &err)},
	};
	struct rule_bound bound = {.fact = "fs.file-max",
			.worst = expr_parse(place->arena, "1024", &err),
			.best = expr_parse(place->arena, "unlimited", &err)};
	struct rule_absent absent = {.fact = "kern.maxfiles",
			.value = expr_parse(place->arena, "12288", &err)};
	const struct limit_rule rule = {.lets = lets,
			.let_count = 2,
			.bounds = &bound,
			.bound_count = 1,
			.absents = &absent,
			.absent_count = 1};
	settle(place);
	assert_true(ask(place, NULL, MISSING_UNKNOWN, "live").number == 1000);
	assert_true(ask(place, &rule, MISSING_UNKNOWN, "live").number == 7);
	assert_true(ask(place, &rule, MISSING_UNKNOWN, "twice").number == 14);
	assert_true(ask(place, &rule, MISSING_UNKNOWN, "net.core.somaxconn").number == 4096);
	assert_int_equal(ask(place, &rule, MISSING_UNKNOWN, "fs.file-max").kind, VALUE_UNKNOWN);
	assert_true(ask(place, &rule, MISSING_WORST, "fs.file-max").number == 1024);
	assert_true(isinf(ask(place, &rule, MISSING_BEST, "fs.file-max").number));
	bound.assume_worst = true;
	assert_true(ask(place, &rule, MISSING_BEST, "fs.file-max").number == 1024);
	/* What nobody read is not absent. */
	assert_int_equal(ask(place, &rule, MISSING_UNKNOWN, "kern.maxfiles").kind, VALUE_UNKNOWN);
	assert_true(ask(place, &rule, MISSING_UNKNOWN, "kern.maxfiles").maybe);
	facts_put_missing(place->facts, "kern.maxfiles", NULL, FACT_ABSENT, UNIT_COUNT, NULL, NULL);
	assert_true(ask(place, &rule, MISSING_UNKNOWN, "kern.maxfiles").number == 12288);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test_setup_teardown(own_names_agree, set_up, tear_down),
			cmocka_unit_test_setup_teardown(own_values, set_up, tear_down),
			cmocka_unit_test_setup_teardown(egress_is_checked, set_up, tear_down),
			cmocka_unit_test_setup_teardown(who_closes, set_up, tear_down),
			cmocka_unit_test_setup_teardown(names_of_a_rule, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
