/* The plan's fields, flags, merging and completion. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/array.h"
#include "model/load/workload.h"

static void rows_are_complete(void **state)
{
	(void)state;
	char out[64];
	for (int i = 0; i < WORKLOAD_FIELDS; i++) {
		const struct workload_row *row = &workload_rows[i];
		assert_non_null(row->name);
		assert_non_null(row->help);
		assert_true(strlen(row->help) < 90);
		assert_int_equal(row->kind == FIELD_CHOICE, row->choices != NULL);
		assert_true(
				strspn(workload_flag((enum workload_field)i, out), "abcdefghijklmnopqrstuvwxyz-") ==
				strlen(workload_flag((enum workload_field)i, out)));
	}
}

static void flags(void **state)
{
	(void)state;
	static const struct {
		enum workload_field field;
		const char *flag;
	} cases[] = {{W_OPEN_RATE, "open-rate"},
			{W_LIFETIME, "lifetime"},
			{W_BURST_WINDOW, "burst-window"},
			{W_QUEUED_BYTES, "queued"},
			{W_MEMORY_PER_USER, "memory-per-user"},
			{W_STREAMS, "streams-per-connection"},
			{W_UP_OPEN_RATE, "upstream-open-rate"},
			{W_FDS_PER_CONNECTION, "fds-per-connection"}};
	char out[64];
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		assert_string_equal(workload_flag(cases[i].field, out), cases[i].flag);
}

static void setting(void **state)
{
	(void)state;
	static const struct {
		enum workload_field field;
		const char *text;
		bool good;
		double number;
	} cases[] = {
			{W_CONNECTIONS, "15k", true, 15000},
			{W_CONNECTIONS, "1.5", false, 0},
			{W_CONNECTIONS, "-1", false, 0},
			{W_CONNECTIONS, "", false, 0},
			{W_LIFETIME, "2m", true, 120},
			{W_LIFETIME, "5/s", false, 0},
			{W_ROLE, "server", true, 0},
			{W_ROLE, "Server", false, 0},
			{W_DESTINATIONS, "3", true, 3},
			{W_DESTINATIONS, "0", false, 0},
			{W_DESTINATIONS, "10.0.0.1:80,10.0.0.2:80", true, 2},
			{W_DESTINATIONS, "a:1,,b:2", false, 0},
			{W_NOFILE, "hard", true, 0},
			{W_NOFILE, "4096", true, 4096},
			{W_NOFILE, "most", false, 0},
			{W_STAGES, "60s:1000,5m:500/s", true, 0},
			{W_STAGES, "60s", false, 0},
			{W_STAGES, "1000:60s", false, 0},
			{W_GROUPS, "a:40%,b:60%", true, 0},
			{W_GROUPS, "a:40%,b:40%", false, 0},
			{W_GROUPS, ":100%", false, 0},
			{W_GROUPS, "a\xff:40%,b:60%", false, 0},
			{W_NAME, "a\xff", false, 0},
	};
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct arena *arena = arena_new();
		struct workload w = {0};
		struct error err = {0};
		bool good = workload_set(arena, &w, cases[i].field, cases[i].text, "test", &err);
		if (good != cases[i].good)
			fail_msg("%s \"%s\": %s", workload_rows[cases[i].field].name, cases[i].text, err.text);
		if (good && w.values[cases[i].field].number != cases[i].number)
			fail_msg("%s \"%s\": %g",
					workload_rows[cases[i].field].name,
					cases[i].text,
					w.values[cases[i].field].number);
		assert_int_equal(!good, *err.text != '\0');
		arena_free(arena);
	}
}

static bool complete(struct arena *arena,
		struct workload *w,
		const char *connections,
		const char *rate,
		const char *lifetime,
		struct error *err)
{
	struct assumption *assumptions;
	size_t count;
	if (connections)
		assert_true(workload_set(arena, w, W_CONNECTIONS, connections, "test", err));
	if (rate)
		assert_true(workload_set(arena, w, W_OPEN_RATE, rate, "test", err));
	if (lifetime)
		assert_true(workload_set(arena, w, W_LIFETIME, lifetime, "test", err));
	return workload_complete(arena, w, &assumptions, &count, err);
}

static void little(void **state)
{
	(void)state;
	static const struct {
		const char *connections, *rate, *lifetime;
		bool good;
		double live, per_s, life;
	} cases[] = {
			{"15000", NULL, "60s", true, 15000, 250, 60},
			{"15000", "250/s", NULL, true, 15000, 250, 60},
			{NULL, "250/s", "60s", true, 15000, 250, 60},
			{"15000", "250/s", "60s", true, 15000, 250, 60},
			{"15000", "100/s", "60s", false, 0, 0, 0},
			{"15000", NULL, NULL, true, 15000, 0, INFINITY},
			{NULL, "250/s", NULL, false, 0, 0, 0},
			{NULL, NULL, "60s", false, 0, 0, 0},
			{NULL, "250/s", "0", true, 0, 250, 0},
			{"10", NULL, "0", false, 0, 0, 0},
	};
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct arena *arena = arena_new();
		struct workload w = {0};
		struct error err = {0};
		assert_int_equal(
				complete(arena, &w, cases[i].connections, cases[i].rate, cases[i].lifetime, &err),
				cases[i].good);
		if (cases[i].good) {
			assert_true(w.values[W_CONNECTIONS].number == cases[i].live);
			assert_true(w.values[W_OPEN_RATE].number == cases[i].per_s);
			assert_true(w.values[W_LIFETIME].number == cases[i].life);
		} else {
			assert_non_null(strstr(err.text, "--"));
		}
		arena_free(arena);
	}
}

/* What follows from an estimate is no exact number. */
static void derived_is_as_good_as_its_sources(void **state)
{
	static const enum confidence lifetimes[] = {CONFIDENCE_EXACT, CONFIDENCE_ESTIMATE};
	(void)state;
	for (size_t i = 0; i < COUNT_OF(lifetimes); i++) {
		struct arena *arena = arena_new();
		struct workload workload = {0};
		struct assumption *assumptions;
		struct error err = {0};
		size_t count;
		assert_true(workload_set(arena, &workload, W_CONNECTIONS, "100", "-c 100", &err));
		assert_true(workload_set(arena, &workload, W_LIFETIME, "10s", "--latency", &err));
		workload.values[W_LIFETIME].confidence = lifetimes[i];
		assert_true(workload_complete(arena, &workload, &assumptions, &count, &err));
		assert_true(workload.values[W_OPEN_RATE].derived);
		assert_int_equal(workload.values[W_OPEN_RATE].confidence, lifetimes[i]);
		arena_free(arena);
	}
}

static void user_numbers_win(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	struct workload base = {0}, over = {0};
	struct error err = {0};
	assert_true(workload_set(arena, &base, W_CONNECTIONS, "1000", "preset", &err));
	assert_true(workload_set(arena, &base, W_LIFETIME, "60s", "preset", &err));
	assert_true(workload_set(arena, &over, W_OPEN_RATE, "500/s", "--open-rate", &err));
	workload_merge(&base, &over);
	assert_true(complete(arena, &base, NULL, NULL, NULL, &err));
	assert_true(base.values[W_CONNECTIONS].number == 30000);
	arena_free(arena);
}

static void loopback(void **state)
{
	(void)state;
	static const struct {
		const char *to;
		bool loopback;
	} cases[] = {{"127.0.0.1:80", true},
			{"[::1]:80", true},
			{"127.0.0.1:80,10.0.0.1:80", false},
			{"3", false},
			{"localhost:80", true},
			{"localhost.example.com:80", false},
			{"localhost-db:80", false},
			{"127.example.com:80", false},
			{"[::ffff:127.0.0.1]:80", true},
			{"[0:0:0:0:0:0:0:1]:80", true},
			{"LOCALHOST", true},
			{"[::ffff:10.0.0.1]:80", false}};
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct arena *arena = arena_new();
		struct workload w = {0};
		struct error err = {0};
		assert_true(workload_set(arena, &w, W_DESTINATIONS, cases[i].to, "test", &err));
		assert_int_equal(workload_to_loopback(&w), cases[i].loopback);
		arena_free(arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(rows_are_complete),
			cmocka_unit_test(flags),
			cmocka_unit_test(setting),
			cmocka_unit_test(little),
			cmocka_unit_test(derived_is_as_good_as_its_sources),
			cmocka_unit_test(user_numbers_win),
			cmocka_unit_test(loopback),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
