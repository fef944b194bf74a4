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

static void moments_are_read_back(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		time_t moment; /* -2: it is none */
	} moments[] = {
			{"2026-05-20T08:00:00Z", 1779264000},
			{"2026-05-20T08:00:00.25Z", 1779264000},
			{"2026-05-20T10:00:00+02:00", 1779264000},
			{"2026-05-20T03:30:00-04:30", 1779264000},
			{"1969-12-31T23:59:59Z", -1},
			{"2026-05-20T08:00:00", -2},
			{"2026-05-20 08:00:00Z", -2},
			{"2026-02-30T08:00:00Z", -2},
			{"2026-05-20T25:00:00Z", -2},
			{"2026-05-20T08:00:00Zz", -2},
			{"2026-05-20T08:00:00+2:00", -2},
			{"02026-05-20T08:00:00Z", -2},
			{"yesterday", -2},
			{"", -2},
	};
	for (size_t i = 0; i < COUNT_OF(moments); i++) {
		time_t moment = -2;
		bool read = clock_parse(moments[i].text, &moment);
		assert_int_equal(moment, moments[i].moment);
		assert_int_equal(read, moments[i].moment != -2);
	}
}

static void the_moment_of_a_run(void **state)
{
	(void)state;
	char out[CLOCK_TEXT_MAX], now[CLOCK_TEXT_MAX];
	assert_int_equal(setenv("SOURCE_DATE_EPOCH", "1779264000", 1), 0);
	assert_string_equal(clock_utc_run(out), "2026-05-20T08:00:00Z");
	assert_int_equal(setenv("SOURCE_DATE_EPOCH", "later", 1), 0);
	(void)clock_utc_now(now);
	assert_true(strcmp(now, clock_utc_run(out)) <= 0);
	assert_int_equal(unsetenv("SOURCE_DATE_EPOCH"), 0);
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
			cmocka_unit_test(moments_are_read_back),
			cmocka_unit_test(the_moment_of_a_run),
			cmocka_unit_test(now_is_between_before_and_after),
			cmocka_unit_test(the_date_of_a_reproducible_build),
			cmocka_unit_test(seconds_do_not_go_back),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
