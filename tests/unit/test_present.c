/* Present use of a limit: the fullest instance, what is not known, and what names it. Rules are
 * built here; those of rules/ run their own examples. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/array.h"
#include "model/model.h"
#include "model/present.h"
#include "tests/unit/formula_test.h"

struct bench {
	struct arena *arena;
	struct limit_rule limit;
	struct rule_now nows[2];
	struct rules rules;
	struct facts *facts;
	struct error err;
};

static const struct expr *formula(struct bench *b, const char *text)
{
	return formula_of(b->arena, text);
}

/* One limit that no plan comes near, and of whose use the host says one thing. */
static struct bench *bench_new(const char *used, const char *capacity)
{
	struct arena *arena = arena_new();
	struct bench *b = arena_alloc(arena, sizeof *b);
	b->arena = arena;
	b->facts = facts_new(arena);
	b->limit = (struct limit_rule){
			.id = "first",
			.title = "First",
			.unit = "things",
			.scope = SCOPE_HOST,
			.applies = formula(b, "true"),
			.demand = formula(b, "live"),
			.capacity = formula(b, "fs.file-max"),
			.breaks_as = "it needs more things",
			.nows = b->nows,
			.now_count = 1,
			.origin = "test",
	};
	b->rules = (struct rules){.limits = &b->limit, .limit_count = 1};
	b->nows[0].used = formula(b, used);
	if (capacity)
		b->nows[0].capacity = formula(b, capacity);
	facts_put_number(b->facts, "fs.file-max", NULL, 1000, UNIT_COUNT, "test");
	return b;
}

static void put(struct bench *b, const char *key, const char *instance, double number)
{
	facts_put_number(b->facts, key, instance, number, UNIT_COUNT, "test");
}

static struct present look(struct bench *b)
{
	static const struct model_options options = {.target = 0.75};
	struct workload workload = {0};
	const struct loads plan = loads_of(&workload);
	struct result result;
	bool judged = workload_set(b->arena, &workload, W_CONNECTIONS, "1", "test", &b->err) &&
			model_run(b->arena, &b->rules, b->facts, &plan, &options, &result, &b->err);
	if (!judged)
		fail_msg("%s", b->err.text);
	return result.resources[0].now;
}

static void states(void **state)
{
	(void)state;
	static const struct {
		double used, capacity;
		enum present_state state;
	} cases[] = {
			{0, 1000, PRESENT_FREE},
			{749, 1000, PRESENT_FREE},
			{750, 1000, PRESENT_NEAR},
			{999, 1000, PRESENT_NEAR},
			{1000, 1000, PRESENT_FULL},
			{1200, 1000, PRESENT_FULL},
			{1, 0, PRESENT_FULL},
			{0, 0, PRESENT_FREE}, /* nothing is wanted of what there is not */
			{1000, INFINITY, PRESENT_FREE},
	};
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct bench *b = bench_new("fs.file-nr.allocated", NULL);
		put(b, "fs.file-nr.allocated", NULL, cases[i].used);
		put(b, "fs.file-max", NULL, cases[i].capacity);
		struct present now = look(b);
		assert_int_equal(now.state, cases[i].state);
		assert_true(now.used == cases[i].used);
		assert_true(now.capacity == cases[i].capacity);
		arena_free(b->arena);
	}
}

/* Not counted is not 0, whatever the rule takes an absent fact for. */
static void not_counted_is_not_known(void **state)
{
	(void)state;
	static const struct rule_absent absent = {.fact = "fs.file-nr.allocated", .because = "test"};
	static const enum fact_status statuses[] = {FACT_ABSENT,
			FACT_DENIED,
			FACT_MALFORMED,
			FACT_NOT_VISIBLE,
			FACT_SKIPPED};
	for (size_t i = 0; i <= COUNT_OF(statuses); i++) {
		struct bench *b = bench_new("fs.file-nr.allocated", NULL);
		struct rule_absent zero = absent;
		zero.value = formula(b, "0");
		b->limit.absents = &zero;
		b->limit.absent_count = 1;
		if (i < COUNT_OF(statuses))
			facts_put_missing(b->facts, absent.fact, NULL, statuses[i], UNIT_COUNT, NULL, NULL);
		struct present now = look(b);
		assert_int_equal(now.state, PRESENT_UNKNOWN);
		assert_true(isnan(now.used));
		assert_true(now.capacity == 1000);
		assert_non_null(strstr(now.reason, absent.fact));
		arena_free(b->arena);
	}
}

static void what_nothing_shows(void **state)
{
	(void)state;
	struct bench *b = bench_new("0", NULL);
	b->nows[0].used = NULL;
	assert_string_equal(look(b).reason, "nothing on the host shows how much is in use");
	b->limit.now_count = 0;
	b->limit.now_hidden = "only the peer knows";
	struct present now = look(b);
	assert_string_equal(now.reason, "only the peer knows");
	assert_int_equal(now.state, PRESENT_UNKNOWN);
	assert_true(isnan(now.used) && isnan(now.capacity) && isnan(now.refused));
	arena_free(b->arena);
}

/* How much there is: what "now" says, what is observed, what the rule says. */
static void capacities(void **state)
{
	(void)state;
	struct bench *b = bench_new("10", NULL);
	assert_true(look(b).capacity == 1000);
	b->limit.observed.capacity = formula(b, "200");
	assert_true(look(b).capacity == 200);
	b->nows[0].capacity = formula(b, "20");
	assert_true(look(b).capacity == 20);
	arena_free(b->arena);
}

static struct bench *listeners_new(void)
{
	struct bench *b = bench_new("listener.queue", "listener.backlog");
	b->nows[0].each = "listener.queue";
	b->nows[0].by = "{instance} of {vantage.user} ({vantage.pid})";
	b->nows[0].refused = "netstat.TcpExt.ListenOverflows";
	facts_put_text(b->facts, "vantage.user", NULL, "dev", "test");
	put(b, "vantage.pid", NULL, 12345);
	put(b, "listener.queue", "0.0.0.0:1", 90);
	put(b, "listener.backlog", "0.0.0.0:1", 100);
	put(b, "listener.queue", "0.0.0.0:2", 12);
	put(b, "listener.backlog", "0.0.0.0:2", 10);
	put(b, "listener.queue", "0.0.0.0:3", 10);
	put(b, "listener.backlog", "0.0.0.0:3", 10);
	put(b, "listener.queue", "0.0.0.0:4", 400);
	put(b, "listener.backlog", "0.0.0.0:4", 4096);
	put(b, "netstat.TcpExt.ListenOverflows", NULL, 7);
	return b;
}

static void fullest_of_several(void **state)
{
	(void)state;
	struct bench *b = listeners_new();
	struct present now = look(b);
	assert_int_equal(now.state, PRESENT_FULL);
	assert_true(now.used == 12 && now.capacity == 10 && now.refused == 7);
	assert_int_equal(now.others, 1); /* the one that is nearly full is no other full one */
	assert_string_equal(now.by, "0.0.0.0:2 of dev (12345)");
	arena_free(b->arena);
}

/* A name of which a part is not known is none. */
static void name_not_known(void **state)
{
	(void)state;
	struct bench *b = listeners_new();
	facts_put_missing(b->facts, "vantage.user", NULL, FACT_DENIED, UNIT_TEXT, NULL, NULL);
	assert_null(look(b).by);
	arena_free(b->arena);
}

/* What one look cannot tell is neither full nor near, but is shown before what is free. */
static void not_sure(void **state)
{
	(void)state;
	struct bench *b = listeners_new();
	b->nows[0].sure = formula(b, "netstat.TcpExt.ListenDrops > 0");
	struct present now = look(b);
	assert_int_equal(now.state, PRESENT_UNKNOWN);
	assert_true(now.used == 12 && now.capacity == 10);
	assert_non_null(strstr(now.reason, "one sample"));
	put(b, "netstat.TcpExt.ListenDrops", NULL, 1);
	assert_int_equal(look(b).state, PRESENT_FULL);
	arena_free(b->arena);
}

/* A scope that cannot be seen is said, and does not hide the one that can. */
static void one_scope_not_seen(void **state)
{
	(void)state;
	struct bench *b = bench_new("threads.of_user", "limits.nproc.soft");
	b->nows[1] = (struct rule_now){
			.used = formula(b, "threads.running"),
			.capacity = formula(b, "kernel.pid_max"),
	};
	b->limit.now_count = 2;
	put(b, "threads.running", NULL, 163);
	put(b, "kernel.pid_max", NULL, 32768);
	put(b, "limits.nproc.soft", NULL, 150);
	struct present now = look(b);
	assert_true(now.used == 163 && now.capacity == 32768);
	assert_int_equal(now.state, PRESENT_FREE);
	assert_string_equal(now.reason, "threads.of_user is not read");
	put(b, "threads.of_user", NULL, 150);
	now = look(b);
	assert_true(now.used == 150);
	assert_int_equal(now.state, PRESENT_FULL);
	assert_null(now.reason);
	arena_free(b->arena);
}

static void not_in_its_place(void **state)
{
	(void)state;
	struct bench *b = bench_new("10", NULL);
	b->nows[0].when = formula(b, "vantage.uid > 0");
	assert_true(isnan(look(b).used));
	put(b, "vantage.uid", NULL, 0);
	assert_true(isnan(look(b).used));
	put(b, "vantage.uid", NULL, 1000);
	assert_true(look(b).used == 10);
	arena_free(b->arena);
}

static void control_group(void **state)
{
	(void)state;
	static const struct {
		const char *where, *by;
	} cases[] = {
			{"/sys/fs/cgroup/user.slice/user-1000.slice/pids.max", "/user.slice/user-1000.slice"},
			{"/sys/fs/cgroup/pids.max", "/"},
			{"--set", NULL},
			{NULL, NULL},
	};
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct bench *b = bench_new("10", NULL);
		b->nows[0].by = "{group:cgroup.pids.max}";
		facts_put_number(b->facts, "cgroup.pids.max", NULL, 10, UNIT_COUNT, cases[i].where);
		struct present now = look(b);
		if (cases[i].by)
			assert_string_equal(now.by, cases[i].by);
		else
			assert_null(now.by);
		arena_free(b->arena);
	}
}

/* Of very many instances the largest are looked at. */
static void very_many(void **state)
{
	(void)state;
	struct bench *b = bench_new("pool.sockets", NULL);
	b->nows[0].each = "pool.sockets";
	b->nows[0].by = "{instance}";
	for (int i = 0; i < 2000; i++) {
		const char *instance = arena_printf(b->arena, "10.0.0.1>10.0.%d.%d:80", i / 250, i % 250);
		put(b, "pool.sockets", instance, i % 500);
	}
	put(b, "pool.sockets", "10.0.0.1>10.9.9.9:80", 800);
	put(b, "pool.sockets", "10.0.0.2>10.9.9.9:80", 700);
	struct present now = look(b);
	assert_true(now.used == 800);
	assert_int_equal(now.state, PRESENT_NEAR);
	assert_int_equal(now.others, 0);
	assert_string_equal(now.by, "10.9.9.9:80 from 10.0.0.1");
	arena_free(b->arena);
}

/* The judged process is among those with the most open files: it is one, not one of two. */
static void seen_twice(void **state)
{
	(void)state;
	struct bench *b = bench_new("process.fds_below_soft", NULL);
	b->limit.now_count = 2;
	b->nows[0].by = "wrk (PID 7)";
	b->nows[1] = (struct rule_now){
			.used = formula(b, "files.open"),
			.each = "files.open",
			.by = "wrk (PID {instance})",
	};
	put(b, "process.fds_below_soft", NULL, 1000);
	put(b, "files.open", "7", 1000);
	assert_int_equal(look(b).others, 0);
	put(b, "files.open", "8", 1000);
	assert_int_equal(look(b).others, 1);
	arena_free(b->arena);
}

static size_t instances(struct bench *b, size_t most, struct present *ret_instances)
{
	static const struct model_options options = {.target = 0.75};
	struct workload workload = {0};
	struct loads plan = loads_of(&workload);
	const struct facts *facts = b->facts;
	struct situation situation;
	bool ready = workload_set(b->arena, &workload, W_CONNECTIONS, "1", "test", &b->err) &&
			loads_complete(b->arena, &plan, &b->err);
	const struct state state = {.facts = &facts, .loads = plan};
	ready = ready && situation_build(b->arena, &b->rules, &state, &options, &situation, &b->err);
	if (!ready)
		fail_msg("%s", b->err.text);
	return present_instances(&situation, &b->limit, most, ret_instances);
}

/* Each listener, the fullest first; one that was not counted is left out. */
static void each_of_several(void **state)
{
	(void)state;
	struct present all[8];
	struct bench *b = listeners_new();
	put(b, "listener.queue", "0.0.0.0:5", 3); /* its backlog is not known */
	assert_int_equal(instances(b, COUNT_OF(all), all), 4);
	assert_string_equal(all[0].by, "0.0.0.0:2 of dev (12345)");
	assert_string_equal(all[1].by, "0.0.0.0:3 of dev (12345)");
	assert_string_equal(all[2].by, "0.0.0.0:1 of dev (12345)");
	assert_true(all[2].used == 90 && all[2].capacity == 100);
	assert_int_equal(all[2].state, PRESENT_NEAR);
	assert_int_equal(all[3].state, PRESENT_FREE);
	assert_int_equal(instances(b, 2, all), 2);
	assert_string_equal(all[1].by, "0.0.0.0:3 of dev (12345)");
	arena_free(b->arena);
}

static void ratios(void **state)
{
	(void)state;
	static const struct {
		double used, capacity, ratio;
	} cases[] = {
			{5, 10, 0.5},
			{12, 10, 1.2},
			{0, 0, 0},
			{5, INFINITY, 0},
	};
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const struct present now = {.used = cases[i].used, .capacity = cases[i].capacity};
		assert_true(present_ratio(&now) == cases[i].ratio);
	}
	const struct present unknown = {.used = (double)NAN, .capacity = 10};
	assert_true(isnan(present_ratio(&unknown)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(states),
			cmocka_unit_test(not_counted_is_not_known),
			cmocka_unit_test(what_nothing_shows),
			cmocka_unit_test(capacities),
			cmocka_unit_test(fullest_of_several),
			cmocka_unit_test(name_not_known),
			cmocka_unit_test(not_sure),
			cmocka_unit_test(one_scope_not_seen),
			cmocka_unit_test(not_in_its_place),
			cmocka_unit_test(control_group),
			cmocka_unit_test(very_many),
			cmocka_unit_test(seen_twice),
			cmocka_unit_test(each_of_several),
			cmocka_unit_test(ratios),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
