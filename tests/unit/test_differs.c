/* A run that was not the one planned is said, with both numbers; chance and bounds are not. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/array.h"
#include "model/watch/differs.h"

struct differs_case {
	const char *says; /* NULL: nothing */
	struct plan_and_run both;
};

static const double not_known = (double)NAN;

static void check_all(const struct differs_case *cases, size_t count)
{
	struct arena *arena = arena_new();
	for (size_t i = 0; i < count; i++) {
		const char *said = run_differs(arena, &cases[i].both);
		if (!cases[i].says) {
			assert_null(said);
			continue;
		}
		assert_non_null(said);
		assert_non_null(strstr(said, cases[i].says));
	}
	arena_free(arena);
}

static void test_more(void **state)
{
	static const struct differs_case cases[] = {
			{"816 new connections were planned in that time, the run opened 499,100 (4,991/s)",
					{8, 8, 816, 499100, 100, 0, false}},
			{"100 connections were planned, the run had 121", {100, 121, 100, 121, 10, 0, false}},
			{"--learn", {100, 121, 100, 121, 10, 0, true}},
			{NULL, {100, 120, 100, 120, 10, 0, false}},
			{NULL, {4, 9, 4, 9, 10, 0, false}},
	};
	(void)state;
	check_all(cases, COUNT_OF(cases));
}

static void test_less(void **state)
{
	static const struct differs_case cases[] = {
			{"less load than planned: 100 connections were planned, the run had 56",
					{100, 56, 100, 56, 10, 0, false}},
			{"6,000 new connections were planned in that time, the run opened 2,500 (1,250/s)",
					{10, 10, 6000, 2500, 2, 0, false}},
			{NULL, {100, 56, 100, 56, 10, 0, true}},
			{NULL, {100, 80, 100, 80, 10, 0, false}},
			{NULL, {20, 6, 500, 500, 1, 0, false}},
	};
	(void)state;
	check_all(cases, COUNT_OF(cases));
}

static void test_early(void **state)
{
	const struct differs_case cases[] = {
			{"ended early: after 1 s of the 10 s planned", {50, 50, 50, 50, 1, 10, false}},
			{NULL, {50, 50, 50, 50, 8.5, 10, false}},
			{NULL, {50, 50, 50, 50, 0.1, 1, false}},
			{NULL, {50, 50, 50, 50, 1, not_known, false}},
	};
	(void)state;
	check_all(cases, COUNT_OF(cases));
}

static void test_not_known(void **state)
{
	const struct differs_case cases[] = {
			{NULL, {not_known, 500, not_known, 500, 10, 0, false}},
			{NULL, {500, not_known, 500, not_known, 10, 0, false}},
	};
	(void)state;
	check_all(cases, COUNT_OF(cases));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(test_more),
			cmocka_unit_test(test_less),
			cmocka_unit_test(test_early),
			cmocka_unit_test(test_not_known),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
