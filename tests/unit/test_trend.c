/* What is foretold of a limit, and what is not. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/array.h"
#include "model/watch/trend.h"

/* A count per second. */
static struct trend of(const double *used, size_t count)
{
	struct trend trend = {.count = 0};
	for (size_t i = 0; i < count; i++)
		trend_add(&trend, (double)i, used[i]);
	return trend;
}

static struct trend growing(double per_s, size_t seconds)
{
	struct trend trend = {.count = 0};
	for (size_t i = 0; i < seconds; i++)
		trend_add(&trend, (double)i, 1000 + per_s * (double)i);
	return trend;
}

static void steady_growth(void **state)
{
	(void)state;
	const struct trend trend = growing(100, 12);
	assert_true(trend_rate(&trend) == 100);
	/* 2,100 are in use after 11 s. */
	assert_true(trend_left_s(&trend, 7500, 10000) == 54);
	assert_true(trend_left_s(&trend, 10000, 10000) == 79);
	assert_true(isnan(trend_left_s(&trend, 2100, 10000))); /* it is there */
	assert_true(isnan(trend_left_s(&trend, INFINITY, INFINITY)));
	assert_true(isnan(trend_left_s(&trend, (double)NAN, (double)NAN)));
}

static void a_moment(void **state)
{
	(void)state;
	const struct trend none = {.count = 0}, one = growing(100, 1), two = growing(100, 2);
	assert_true(isnan(trend_rate(&none)));
	assert_true(isnan(trend_rate(&one)));
	assert_true(trend_rate(&two) == 100);
	for (size_t seconds = 0; seconds < 11; seconds++) {
		const struct trend trend = growing(100, seconds);
		assert_true(isnan(trend_left_s(&trend, 10000, 10000)));
	}
}

/* What others on the host do comes and goes, or is little. */
static void noise(void **state)
{
	(void)state;
	static const double constant[] = {50, 50, 50, 50, 50, 50, 50, 50, 50, 50, 50, 50, 50, 50};
	static const double step[] = {50, 50, 50, 50, 50, 50, 50, 50, 50, 900, 900, 900, 900, 900};
	static const double burst[] = {50, 900, 900, 900, 900, 900, 900, 900, 900, 900, 900, 900, 900};
	static const double waves[] = {50, 90, 60, 10, 95, 50, 20, 80, 70, 30, 60, 90, 50, 80, 90};
	const struct {
		const double *used;
		size_t count;
	} cases[] = {
			{constant, COUNT_OF(constant)},
			{step, COUNT_OF(step)},
			{burst, COUNT_OF(burst)},
			{waves, COUNT_OF(waves)},
	};
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const struct trend trend = of(cases[i].used, cases[i].count);
		assert_true(isnan(trend_left_s(&trend, 1000, 1000)));
	}
	const struct trend little = growing(0.5, 16), falling = growing(-10, 16);
	assert_true(isnan(trend_left_s(&little, 32768, 32768)));
	assert_true(isnan(trend_left_s(&falling, 32768, 32768)));
	assert_true(trend_rate(&falling) == -10);
}

/* However often it is counted, the series covers the same time. */
static void many_counts(void **state)
{
	(void)state;
	struct trend trend = {.count = 0};
	for (int i = 0; i <= 20 * 64; i++)
		trend_add(&trend, i / 64.0, 1000 + 100 * (i / 64.0));
	assert_true(trend.count <= TREND_COUNTS);
	assert_true(trend_left_s(&trend, 10000, 10000) == 70);
}

static void not_counted(void **state)
{
	(void)state;
	struct trend trend = growing(100, 16);
	trend_add(&trend, 16, (double)NAN);
	assert_true(isnan(trend_rate(&trend)));
	trend_add(&trend, 17, 5);
	assert_true(isnan(trend_rate(&trend)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(steady_growth),
			cmocka_unit_test(a_moment),
			cmocka_unit_test(noise),
			cmocka_unit_test(many_counts),
			cmocka_unit_test(not_counted),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
