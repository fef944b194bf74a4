/* Clocks, and how a moment is written. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/array.h"
#include "base/os/clock.h"

static void moments_are_written_in_utc(void **state)
{
	(void)state;
	static const struct {
		time_t moment;
		const char *text;
	} moments[] = {
			{0, "1970-01-01T00:00:00Z"},
			{1779264000, "2026-05-20T08:00:00Z"},
			{951782399, "2000-02-28T23:59:59Z"},
			{951782400, "2000-02-29T00:00:00Z"},
			{-1, "1969-12-31T23:59:59Z"},
			{253402300799, "9999-12-31T23:59:59Z"},
	};
	char out[CLOCK_TEXT_MAX];
	for (size_t i = 0; i < COUNT_OF(moments); i++)
		assert_string_equal(clock_utc(moments[i].moment, out), moments[i].text);
}

static void now_is_between_before_and_after(void **state)
{
	(void)state;
	char before[CLOCK_TEXT_MAX], now[CLOCK_TEXT_MAX], after[CLOCK_TEXT_MAX];
	(void)clock_utc(time(NULL), before);
	(void)clock_utc_now(now);
	(void)clock_utc(time(NULL), after);
	assert_true(strcmp(before, now) <= 0);
	assert_true(strcmp(now, after) <= 0);
}

static void seconds_do_not_go_back(void **state)
{
	(void)state;
	double last = clock_now_s(), used = clock_read_s(CLOCK_PROCESS_CPUTIME_ID);
	assert_true(last > 0);
	for (int i = 0; i < 1000; i++) {
		double now = clock_now_s();
		assert_true(now >= last);
		last = now;
	}
	assert_true(clock_read_s(CLOCK_PROCESS_CPUTIME_ID) >= used);
}

static void the_date_of_a_reproducible_build(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		enum source_date found;
		time_t moment;
	} dates[] = {
			{"", SOURCE_DATE_NONE, -1},
			{"0", SOURCE_DATE_GIVEN, 0},
			{"1779264000", SOURCE_DATE_GIVEN, 1779264000},
			{"253402300799", SOURCE_DATE_GIVEN, 253402300799},
			{"253402300800", SOURCE_DATE_INVALID, -1},
			{"99999999999999999999", SOURCE_DATE_INVALID, -1},
			{"-1", SOURCE_DATE_INVALID, -1},
			{"1.5", SOURCE_DATE_INVALID, -1},
			{"today", SOURCE_DATE_INVALID, -1},
	};
	for (size_t i = 0; i < COUNT_OF(dates); i++) {
		time_t moment = -1;
		assert_int_equal(setenv("SOURCE_DATE_EPOCH", dates[i].text, 1), 0);
		assert_int_equal(clock_source_date(&moment), dates[i].found);
		assert_int_equal(moment, dates[i].moment);
	}
	assert_int_equal(unsetenv("SOURCE_DATE_EPOCH"), 0);
	assert_int_equal(clock_source_date(&(time_t){0}), SOURCE_DATE_NONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(moments_are_written_in_utc),
			cmocka_unit_test(now_is_between_before_and_after),
			cmocka_unit_test(the_date_of_a_reproducible_build),
			cmocka_unit_test(seconds_do_not_go_back),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
