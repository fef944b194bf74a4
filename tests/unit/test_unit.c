/* Units: names, dimensions, and what the strict number reader takes and refuses. */
#include "base/unit.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/array.h"

static const struct {
	const char *text;
	enum unit want;
	double value;
} good[] = {
		{"15000", UNIT_COUNT, 15000},
		{"0", UNIT_COUNT, 0},
		{"007", UNIT_COUNT, 7},
		{"15k", UNIT_COUNT, 15000},
		{"15 k", UNIT_COUNT, 15000},
		{"1.5k", UNIT_COUNT, 1500},
		{"1.5M", UNIT_COUNT, 1500000},
		{"2.0", UNIT_COUNT, 2},
		{"9007199254740992", UNIT_COUNT, 9007199254740992.0},
		{"unlimited", UNIT_COUNT, INFINITY},
		{"unlimited", UNIT_BYTES, INFINITY},
		{"60", UNIT_SECONDS, 60},
		{"60s", UNIT_SECONDS, 60},
		{"60 s", UNIT_SECONDS, 60},
		{"100ms", UNIT_SECONDS, 0.1},
		{"2m", UNIT_SECONDS, 120},
		{"1h", UNIT_SECONDS, 3600},
		{"1.5h", UNIT_SECONDS, 5400},
		{"4096", UNIT_BYTES, 4096},
		{"4KiB", UNIT_BYTES, 4096},
		{"4.25 KiB", UNIT_BYTES, 4352},
		{"1GiB", UNIT_BYTES, 1073741824.0},
		{"512B", UNIT_BYTES, 512},
		{"64k", UNIT_BYTES, 64000},
		{"75%", UNIT_RATIO, 0.75},
		{"75 %", UNIT_RATIO, 0.75},
		{"0.75", UNIT_RATIO, 0.75},
		{"110%", UNIT_RATIO, 1.1},
		{"250", UNIT_PER_S, 250},
		{"250/s", UNIT_PER_S, 250},
		{"2.5k/s", UNIT_PER_S, 2500},
		{"0.5", UNIT_PER_S, 0.5},
		{"yes", UNIT_BOOL, 1},
		{"false", UNIT_BOOL, 0},
		{"6.18", UNIT_VERSION, 6018},
		{"v5.4", UNIT_VERSION, 5004},
};

static const struct {
	const char *text;
	enum unit want;
} bad[] = {
		{"", UNIT_COUNT},
		{" 1", UNIT_COUNT},
		{"1 ", UNIT_COUNT},
		{"+1", UNIT_COUNT},
		{"-1", UNIT_COUNT},
		{"1e3", UNIT_COUNT},
		{"0x10", UNIT_COUNT},
		{"1,000", UNIT_COUNT},
		{"1.", UNIT_COUNT},
		{".5", UNIT_COUNT},
		{"1.5", UNIT_COUNT},
		{"1.0001k", UNIT_COUNT},
		{"15K", UNIT_COUNT},
		{"15  k", UNIT_COUNT},
		{"9007199254740993000", UNIT_COUNT},
		{"60s", UNIT_COUNT},
		{"75%", UNIT_COUNT},
		{"4KiB", UNIT_COUNT},
		{"inf", UNIT_COUNT},
		{"nan", UNIT_COUNT},
		{"Unlimited", UNIT_COUNT},
		{"60S", UNIT_SECONDS},
		{"60 s ", UNIT_SECONDS},
		{"4KiB", UNIT_SECONDS},
		{"60s", UNIT_BYTES},
		{"4KB", UNIT_BYTES},
		{"unlimited", UNIT_RATIO},
		{"7k", UNIT_RATIO},
		{"1s", UNIT_RATIO},
		{"250/m", UNIT_PER_S},
		{"60s", UNIT_PER_S},
		{"maybe", UNIT_BOOL},
		{"6", UNIT_VERSION},
		{"6.", UNIT_VERSION},
		{".6", UNIT_VERSION},
		{"6.1.2", UNIT_VERSION},
		{"6.1000", UNIT_VERSION},
		{"", UNIT_VERSION},
		{"v", UNIT_VERSION},
		{"1", UNIT_TEXT},
};

static void numbers_are_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(good); i++) {
		struct error err = {0};
		double value = -1;
		if (!unit_parse(good[i].text, good[i].want, &value, &err))
			fail_msg("\"%s\": %s", good[i].text, err.text);
		if (value != good[i].value)
			fail_msg("\"%s\" read as %.17g, not %.17g", good[i].text, value, good[i].value);
	}
}

static void other_texts_are_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		struct error err = {0};
		double value = -1;
		if (unit_parse(bad[i].text, bad[i].want, &value, &err))
			fail_msg("\"%s\" read as %.17g %s", bad[i].text, value, unit_name(bad[i].want));
		assert_int_equal(err.kind, ERROR_INPUT);
		assert_true(value == -1);
		assert_non_null(strstr(err.text, "\""));
	}
}

static void messages_quote_safely(void **state)
{
	(void)state;
	struct error err = {0};
	double value;
	assert_false(unit_parse("\033[2J\xff", UNIT_COUNT, &value, &err));
	assert_string_equal(err.text, "\"?[2J?\" is not a count such as 15000 or 15k");
	char endless[5000];
	memset(endless, '9', sizeof endless - 1);
	endless[sizeof endless - 1] = '\0';
	assert_false(unit_parse(endless, UNIT_COUNT, &value, &err));
	assert_true(strlen(err.text) < 120);
}

static void names_go_both_ways(void **state)
{
	(void)state;
	for (int unit = UNIT_COUNT; unit <= UNIT_TEXT; unit++) {
		enum unit back = UNIT_COUNT;
		assert_true(unit_from_name(unit_name((enum unit)unit), &back));
		assert_int_equal(back, unit);
	}
	enum unit none;
	assert_false(unit_from_name("seconds ", &none));
	assert_false(unit_from_name("", &none));
}

static void dimensions(void **state)
{
	(void)state;
	assert_true(dimension_equal(unit_dimension(UNIT_COUNT), unit_dimension(UNIT_RATIO)));
	assert_false(dimension_equal(unit_dimension(UNIT_COUNT), unit_dimension(UNIT_BYTES)));
	assert_false(dimension_equal(unit_dimension(UNIT_SECONDS), unit_dimension(UNIT_PER_S)));
	assert_int_equal(unit_dimension(UNIT_SECONDS).seconds + unit_dimension(UNIT_PER_S).seconds, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(numbers_are_read),
			cmocka_unit_test(other_texts_are_refused),
			cmocka_unit_test(messages_quote_safely),
			cmocka_unit_test(names_go_both_ways),
			cmocka_unit_test(dimensions),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
