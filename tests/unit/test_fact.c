/* Fact sets: order, replacement, overlays, instances, missing values. */
#include "model/fact.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static int make_arena(void **state)
{
	*state = arena_new();
	return 0;
}

static int free_arena(void **state)
{
	arena_free(*state);
	return 0;
}

static void values_come_back(void **state)
{
	struct facts *facts = facts_new(*state);
	facts_put_number(facts,
			"net.core.somaxconn",
			NULL,
			4096,
			UNIT_COUNT,
			"/proc/sys/net/core/somaxconn");
	facts_put_text(facts, "host.name", NULL, "pluto", NULL)->set_by = "the tests";
	facts_put_missing(facts, "conntrack.max", NULL, FACT_NOT_VISIBLE, UNIT_COUNT, NULL, "global");
	assert_true(facts_number(facts, "net.core.somaxconn") == 4096);
	assert_string_equal(facts_text(facts, "host.name"), "pluto");
	assert_string_equal(facts_get(facts, "host.name", NULL)->set_by, "the tests");
	assert_true(isnan(facts_number(facts, "conntrack.max")));
	assert_true(isnan(facts_number(facts, "host.name")));
	assert_true(isnan(facts_number(facts, "no.such")));
	assert_null(facts_text(facts, "net.core.somaxconn"));
	assert_null(facts_get(facts, "net.core.somaxconn", "x"));
	assert_int_equal(facts_get(facts, "conntrack.max", "")->status, FACT_NOT_VISIBLE);
	assert_string_equal(facts_get(facts, "net.core.somaxconn", "")->instance, "");
}

/* A set large enough to pass the insertion bound, filled in a scrambled order, twice. */
static void later_puts_replace(void **state)
{
	enum {
		N = 3000
	};
	struct arena *arena = *state;
	struct facts *facts = facts_new(arena);
	for (int round = 0; round < 2; round++) {
		for (int i = 0; i < N; i++) {
			int key = i * 7919 % N;
			facts_put_number(facts,
					arena_printf(arena, "k%04d", key),
					NULL,
					key + round * 10000,
					UNIT_COUNT,
					NULL);
		}
	}
	facts_sort(facts);
	assert_int_equal(facts->count, N);
	for (int i = 0; i < N; i++) {
		char key[16];
		(void)snprintf(key, sizeof key, "k%04d", i);
		assert_string_equal(facts->items[i]->key, key);
		assert_true(facts_number(facts, key) == i + 10000);
	}
}

static void replacement_before_sorting(void **state)
{
	struct arena *arena = *state;
	struct facts *facts = facts_new(arena);
	for (int i = 999; i >= 0; i--)
		facts_put_number(facts, arena_printf(arena, "k%03d", i), NULL, i, UNIT_COUNT, NULL);
	assert_false(facts->sorted);
	facts_put_number(facts, "k500", NULL, 1, UNIT_COUNT, NULL);
	facts_put_number(facts, "k500", NULL, 2, UNIT_COUNT, NULL);
	assert_true(facts_number(facts, "k500") == 2);
	assert_int_equal(facts->count, 1000);
}

static void an_overlay_leaves_its_base_alone(void **state)
{
	struct facts *base = facts_new(*state);
	facts_put_number(base, "b", NULL, 1, UNIT_COUNT, NULL);
	facts_put_number(base, "a", NULL, 1, UNIT_COUNT, NULL);
	struct facts *over = facts_overlay(*state, base);
	facts_put_number(over, "a", NULL, 2, UNIT_COUNT, NULL);
	facts_put_number(over, "c", NULL, 3, UNIT_COUNT, NULL);
	assert_true(facts_number(base, "a") == 1);
	assert_null(facts_get(base, "c", NULL));
	assert_true(facts_number(over, "a") == 2);
	assert_true(facts_number(over, "b") == 1);
	assert_ptr_equal(facts_get(over, "b", NULL), facts_get(base, "b", NULL));
	struct facts *empty = facts_overlay(*state, facts_new(*state));
	assert_null(facts_get(empty, "a", NULL));
	facts_put_number(empty, "a", NULL, 5, UNIT_COUNT, NULL);
	assert_true(facts_number(empty, "a") == 5);
}

static void instances_stand_together(void **state)
{
	struct facts *facts = facts_new(*state);
	facts_put_number(facts, "listen.backlog", "0.0.0.0:443", 511, UNIT_COUNT, NULL);
	facts_put_number(facts, "listen.queue", "0.0.0.0:443", 0, UNIT_COUNT, NULL);
	facts_put_number(facts, "listen", NULL, 2, UNIT_COUNT, NULL);
	facts_put_number(facts, "listen.backlog", "0.0.0.0:22", 128, UNIT_COUNT, NULL);
	size_t first = 99;
	assert_int_equal(facts_instances(facts, "listen.backlog", &first), 2);
	assert_string_equal(facts->items[first]->instance, "0.0.0.0:22");
	assert_string_equal(facts->items[first + 1]->instance, "0.0.0.0:443");
	assert_int_equal(facts_instances(facts, "listen.b", &first), 0);
	assert_int_equal(facts_instances(facts, "zzz", &first), 0);
	assert_int_equal(facts_instances(facts, "listen", &first), 1);
}

static void names_go_both_ways(void **state)
{
	(void)state;
	for (int i = FACT_KNOWN; i <= FACT_SKIPPED; i++) {
		enum fact_status status = FACT_KNOWN;
		assert_true(fact_status_from_name(fact_status_name((enum fact_status)i), &status));
		assert_int_equal(status, i);
	}
	for (int i = ORIGIN_READ; i <= ORIGIN_DERIVED; i++) {
		enum fact_origin origin = ORIGIN_READ;
		assert_true(fact_origin_from_name(fact_origin_name((enum fact_origin)i), &origin));
		assert_int_equal(origin, i);
	}
	enum fact_status status;
	enum fact_origin origin;
	assert_false(fact_status_from_name("unknown", &status));
	assert_false(fact_origin_from_name("", &origin));
}

/* Against a plain list: random puts and gets must agree with "the last put of a key wins". */
static void random_sequences_agree(void **state)
{
	struct arena *arena = *state;
	struct facts *facts = facts_new(arena);
	double values[700];
	for (int i = 0; i < 700; i++)
		values[i] = NAN;
	uint32_t seed = 12345;
	for (int step = 0; step < 20000; step++) {
		seed = seed * 1664525 + 1013904223;
		unsigned key = (seed >> 8) % 700;
		const char *name = arena_printf(arena, "%u", key);
		if (seed >> 30) {
			facts_put_number(facts, name, NULL, step, UNIT_COUNT, NULL);
			values[key] = step;
		} else {
			double got = facts_number(facts, name);
			assert_true(got == values[key] || (isnan(got) && isnan(values[key])));
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test_setup_teardown(values_come_back, make_arena, free_arena),
			cmocka_unit_test_setup_teardown(later_puts_replace, make_arena, free_arena),
			cmocka_unit_test_setup_teardown(replacement_before_sorting, make_arena, free_arena),
			cmocka_unit_test_setup_teardown(an_overlay_leaves_its_base_alone,
					make_arena,
					free_arena),
			cmocka_unit_test_setup_teardown(instances_stand_together, make_arena, free_arena),
			cmocka_unit_test(names_go_both_ways),
			cmocka_unit_test_setup_teardown(random_sequences_agree, make_arena, free_arena),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
