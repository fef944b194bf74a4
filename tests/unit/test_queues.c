/* The plan's listener, and what its queues hold. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/array.h"
#include "model/queues/listeners.h"
#include "model/queues/pause.h"
#include "model/queues/queues.h"
#include "model/queues/spread.h"

/* One listener of a host. */
struct row {
	const char *at;
	double sockets, backlog, queue; /* backlog < 0: not known */
	bool own;
};

enum {
	ROWS_MAX = 4
};

static void put(struct facts *facts, const char *key, const char *at, double number)
{
	facts_put_number(facts, key, at, number, UNIT_COUNT, "test");
}

static struct facts *host_with(struct arena *arena, const struct row *rows)
{
	struct facts *facts = facts_new(arena);
	facts->whole = true;
	for (size_t i = 0; i < ROWS_MAX && rows[i].at; i++) {
		const struct row *row = &rows[i];
		put(facts, "listener.port", row->at, atof(strrchr(row->at, ':') + 1));
		put(facts, "listener.queue", row->at, row->queue);
		if (row->backlog >= 0)
			put(facts, "listener.backlog", row->at, row->backlog);
		if (row->sockets > 1)
			put(facts, "listener.sockets", row->at, row->sockets);
		if (row->own)
			put(facts, "listener.own", row->at, 1);
	}
	facts_sort(facts);
	return facts;
}

struct plan {
	const char *role, *to, *runtime;
	double backlog; /* 0: not given */
};

static struct workload plan_of(struct arena *arena, const struct plan *plan)
{
	struct workload workload = {0};
	struct workload_value *values = workload.values;
	const char **to = arena_alloc(arena, sizeof *to);
	*to = plan->to;
	values[W_ROLE] = (struct workload_value){.set = true, .text = plan->role};
	values[W_PROTOCOL] = (struct workload_value){.set = true, .text = "tcp"};
	values[W_RUNTIME] = (struct workload_value){.set = true, .text = plan->runtime};
	values[W_BACKLOG] = (struct workload_value){.set = true, .number = 128, .assumed = true};
	if (plan->to)
		workload_set_list(arena, &values[W_DESTINATIONS], to, 1);
	if (plan->backlog > 0)
		values[W_BACKLOG] = (struct workload_value){.set = true, .number = plan->backlog};
	return workload;
}

static const char *joined(struct arena *arena, const struct name_list *list)
{
	const char *text = "";
	for (size_t i = 0; i < list->count; i++)
		text = arena_printf(arena, "%s%s%s", text, i ? " " : "", list->items[i]);
	return text;
}

static const struct {
	const char *name;
	struct row rows[ROWS_MAX];
	struct plan plan;
	enum listener_choice choice;
	const char *list;
} choices[] = {
		{"nobody listens", {{0}}, {"server", NULL, "native", 0}, LISTENERS_NONE, ""},
		{"the only one",
				{{"0.0.0.0:9002", 1, 5, 6, false}},
				{"server", NULL, "native", 0},
				LISTENERS_KNOWN,
				"0.0.0.0:9002"},
		{"a client accepts nothing",
				{{"0.0.0.0:9002", 1, 5, 6, false}},
				{"client", NULL, "native", 0},
				LISTENERS_NONE,
				""},
		{"the plan's own backlog",
				{{"0.0.0.0:9002", 1, 5, 6, false}},
				{"server", NULL, "native", 4096},
				LISTENERS_NONE,
				""},
		{"a runtime whose backlog is known may not run yet",
				{{"0.0.0.0:22", 1, 128, 0, false}},
				{"server", NULL, "go", 0},
				LISTENERS_NONE,
				""},
		{"but it is the one that the plan names",
				{{"0.0.0.0:22", 1, 128, 0, false}, {"[::]:80", 1, 4096, 0, false}},
				{"server", "10.0.0.1:80", "go", 0},
				LISTENERS_KNOWN,
				"[::]:80"},
		{"one of several",
				{{"0.0.0.0:22", 1, 128, 0, false}, {"0.0.0.0:80", 1, 511, 0, false}},
				{"server", NULL, "native", 0},
				LISTENERS_ONE_OF,
				"0.0.0.0:22 0.0.0.0:80"},
		{"the process that is audited",
				{{"0.0.0.0:22", 1, 128, 0, false},
						{"0.0.0.0:80", 1, 511, 0, true},
						{"0.0.0.0:443", 1, 511, 0, true}},
				{"server", NULL, "native", 0},
				LISTENERS_KNOWN,
				"0.0.0.0:443 0.0.0.0:80"},
		{"of it the port that the plan names",
				{{"0.0.0.0:22", 1, 128, 0, false},
						{"0.0.0.0:80", 1, 511, 0, true},
						{"0.0.0.0:443", 1, 511, 0, true}},
				{"server", "example:443", "native", 0},
				LISTENERS_KNOWN,
				"0.0.0.0:443"},
		{"the address before all addresses",
				{{"0.0.0.0:80", 1, 1, 0, false},
						{"10.0.0.1:80", 1, 2, 0, false},
						{"[::]:80", 1, 3, 0, false}},
				{"server", "10.0.0.1:80", "native", 0},
				LISTENERS_KNOWN,
				"10.0.0.1:80"},
		{"all addresses of the family before [::]",
				{{"0.0.0.0:80", 1, 1, 0, false},
						{"10.0.0.1:80", 1, 2, 0, false},
						{"[::]:80", 1, 3, 0, false}},
				{"server", "10.0.0.2:80", "native", 0},
				LISTENERS_KNOWN,
				"0.0.0.0:80"},
		{"a name may be any of its addresses",
				{{"10.0.0.1:80", 1, 1, 0, false}, {"10.0.0.2:80", 1, 2, 0, false}},
				{"server", "www.example:80", "native", 0},
				LISTENERS_KNOWN,
				"10.0.0.1:80 10.0.0.2:80"},
		{"localhost is none of the others",
				{{"10.0.0.1:80", 1, 1, 0, false}, {"127.0.0.1:80", 1, 2, 0, false}},
				{"server", "localhost:80", "native", 0},
				LISTENERS_KNOWN,
				"127.0.0.1:80"},
		{"behind a translation the port counts",
				{{"0.0.0.0:22", 1, 128, 0, false}, {"10.0.0.1:80", 1, 1, 0, false}},
				{"server", "192.0.2.1:80", "native", 0},
				LISTENERS_KNOWN,
				"10.0.0.1:80"},
		{"a port that nobody listens on",
				{{"0.0.0.0:22", 1, 128, 0, false}},
				{"server", "10.0.0.1:80", "native", 0},
				LISTENERS_KNOWN,
				"0.0.0.0:22"},
};

static void whose_listener(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(choices); i++) {
		struct arena *arena = arena_new();
		struct facts *facts = host_with(arena, choices[i].rows);
		struct workload workload = plan_of(arena, &choices[i].plan);
		struct name_list list;
		enum listener_choice choice = listeners_of_plan(arena, facts, &workload, &list);
		if (choice != choices[i].choice || strcmp(joined(arena, &list), choices[i].list) != 0)
			fail_msg("%s: %d, %s", choices[i].name, (int)choice, joined(arena, &list));
		arena_free(arena);
	}
}

/* Exactly: the chance that a binomial share of `burst` exceeds `room`. */
static double chance_of_more(double burst, double share, double room)
{
	double sum = 0;
	for (double k = room + 1; k <= burst; k++)
		sum += exp(lgamma(burst + 1) - lgamma(k + 1) - lgamma(burst - k + 1) + k * log(share) +
				(burst - k) * log1p(-share));
	return sum;
}

static void spread_is_a_bound(void **state)
{
	(void)state;
	static const double sockets[] = {2, 3, 4, 8, 64}, rooms[] = {1, 2, 6, 41, 129, 512, 4097};
	for (size_t i = 0; i < COUNT_OF(sockets); i++) {
		double before = 0;
		for (size_t j = 0; j < COUNT_OF(rooms); j++) {
			double n = sockets[i], room = rooms[j], burst = spread_at_worst(n, room);
			assert_true(burst >= room && burst < n * room);
			assert_true(burst > before);
			if (burst > room && n * chance_of_more(burst, 1 / n, room) > 1e-6)
				fail_msg("%g sockets of %g: %g is too much", n, room, burst);
			before = burst;
		}
	}
	assert_int_equal((int)spread_at_worst(4, 0), 0);
	assert_int_equal((int)spread_at_worst(1, 41), 41);
	/* The larger the queues, the more evenly they are filled. */
	assert_true(spread_at_worst(4, 41) > 0.45 * 164);
	assert_true(spread_at_worst(4, 4097) > 0.9 * 4 * 4097);
}

static double known(const struct facts *facts, const char *key, const char *at)
{
	const struct fact *fact = facts_get(facts, key, at);
	if (!fact || fact->status != FACT_KNOWN)
		return (double)NAN;
	return fact->number;
}

static void what_queues_hold(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		struct row rows[ROWS_MAX];
		const char *at;
		double best, worst, taken_best, taken_worst;
	} cases[] = {
			{"one more than the backlog",
					{{"0.0.0.0:80", 1, 5, 6, false}},
					"0.0.0.0:80",
					6,
					6,
					6,
					6},
			{"a group", {{"0.0.0.0:80", 4, 40, 0, false}}, "0.0.0.0:80", 164, 77, 0, 0},
			{"a group in which some wait",
					{{"0.0.0.0:80", 4, 40, 41, false}},
					"0.0.0.0:80",
					164,
					164,
					164,
					164},
			{"one of several: what is left",
					{{"0.0.0.0:80", 1, 5, 4, false}, {"0.0.0.0:81", 1, 511, 12, false}},
					"",
					500,
					2,
					0,
					0},
			{"several that are alike",
					{{"0.0.0.0:22", 1, 128, 0, false}, {"[::]:22", 1, 128, 0, false}},
					"",
					129,
					129,
					0,
					0},
			{"a backlog that could not be read",
					{{"0.0.0.0:80", 1, -1, 3, false}},
					"0.0.0.0:80",
					INFINITY,
					1,
					3,
					3},
	};
	static const struct plan plan = {"server", NULL, "native", 0};
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct arena *arena = arena_new();
		struct facts *facts = host_with(arena, cases[i].rows);
		struct workload workload = plan_of(arena, &plan);
		queues_derive(facts, &workload);
		const char *at = cases[i].at;
		const double found[] = {
				known(facts, "listener.capacity_best", at),
				known(facts, "listener.capacity_worst", at),
				known(facts, "listener.taken_best", at),
				known(facts, "listener.taken_worst", at),
		};
		const double expected[] = {
				cases[i].best,
				cases[i].worst,
				cases[i].taken_best,
				cases[i].taken_worst,
		};
		for (size_t k = 0; k < COUNT_OF(found); k++)
			if (found[k] != expected[k])
				fail_msg("%s: number %zu is %g", cases[i].name, k, found[k]);
		bool exact = cases[i].best == cases[i].worst;
		bool is_known = !isnan(known(facts, "listener.capacity", at));
		if (exact != is_known)
			fail_msg("%s: is it exact?", cases[i].name);
		arena_free(arena);
	}
}

/* A plan that names its backlog after all: what was derived for "" no longer counts. */
static void a_given_backlog_ends_it(void **state)
{
	(void)state;
	static const struct row rows[ROWS_MAX] = {
			{"0.0.0.0:22", 1, 128, 0, false},
			{"0.0.0.0:80", 1, 511, 0, false},
	};
	static const struct plan open = {"server", NULL, "native", 0},
							 given = {"server", NULL, "native", 9};
	struct arena *arena = arena_new();
	struct facts *facts = host_with(arena, rows);
	struct workload workload = plan_of(arena, &open);
	queues_derive(facts, &workload);
	assert_true(known(facts, "listener.capacity_worst", "") >= 0);
	workload = plan_of(arena, &given);
	queues_derive(facts, &workload);
	assert_true(!(known(facts, "listener.capacity_worst", "") >= 0));
	arena_free(arena);
}

static void assumed_backlog(void **state)
{
	(void)state;
	static const struct row rows[ROWS_MAX] = {
			{"0.0.0.0:22", 1, 128, 0, false},
			{"0.0.0.0:80", 1, 5, 0, false},
	};
	static const struct plan plans[] = {
			{"server", NULL, "native", 0},
			{"server", "10.0.0.1:22", "native", 0},
			{"server", "10.0.0.1:80", "native", 7},
	};
	static const double expected[] = {5, 128, 7};
	for (size_t i = 0; i < COUNT_OF(plans); i++) {
		struct arena *arena = arena_new();
		struct facts *facts = host_with(arena, rows);
		struct workload workload = plan_of(arena, &plans[i]);
		struct assumption assumption = {
				.field = "backlog",
				.value = "128",
				.source = "a common default",
		};
		queues_complete(arena, facts, &workload, &assumption, 1);
		assert_int_equal((int)workload.values[W_BACKLOG].number, (int)expected[i]);
		if (i == 0)
			assert_string_equal(assumption.value, "5");
		arena_free(arena);
	}
}

static void pauses(void **state)
{
	(void)state;
	struct timeline_point points[] = {
			{.t = 0, .opens = {.rate = 10, .slope = 10}},
			{.t = 9, .opens = {.rate = 100}},
			{.t = 10},
	};
	const struct timeline plan = {.points = points, .count = COUNT_OF(points), .end_s = 10};
	const struct timeline none = {.points = points + 2, .count = 1, .end_s = 10};
	assert_int_equal((int)pause_peak_rate(&plan), 100);
	assert_int_equal((int)(pause_that_fills(&plan, 512) * 1000), 5120);
	assert_int_equal((int)pause_that_fills(&plan, -3), 0);
	assert_true(isinf(pause_that_fills(&none, 512)));
	assert_true(isinf(pause_that_fills(&plan, NAN)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(whose_listener),
			cmocka_unit_test(spread_is_a_bound),
			cmocka_unit_test(what_queues_hold),
			cmocka_unit_test(a_given_backlog_ends_it),
			cmocka_unit_test(assumed_backlog),
			cmocka_unit_test(pauses),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
