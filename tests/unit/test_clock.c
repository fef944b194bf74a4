/* Clocks, and how a moment is written. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

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
	for (size_t i = 0; i < sizeof moments / sizeof *moments; i++)
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

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(moments_are_written_in_utc),
			cmocka_unit_test(now_is_between_before_and_after),
			cmocka_unit_test(seconds_do_not_go_back),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
