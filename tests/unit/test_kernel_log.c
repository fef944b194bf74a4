/* Records of /dev/kmsg. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/array.h"
#include "probes/host/kernel_log.h"

static void records(void **state)
{
	(void)state;
	static const struct {
		const char *record, *text; /* text NULL: it is none of the kernel's own */
		double at_s;
	} cases[] = {
			{"4,1234,5678901,-;TCP: out of memory\n KEY=value\n", "TCP: out of memory", 5.678901},
			{"6,1,0,-,caller=T1;one", "one", 0},
			{"4,1,1000000,c;a;b\n", "a;b", 1},
			{"7,1,2000000,-;\n", "", 2},
			{"12,1,2,-;a program wrote this\n", NULL, 0},
			{"30,1,2,-;so did a daemon\n", NULL, 0},
			{"", NULL, 0},
			{"4,1,2,-", NULL, 0},
			{"4;text", NULL, 0},
			{"x,1,2,-;text", NULL, 0},
			{"4,1;text", NULL, 0},
			{"99999999999999999999999,1,2,-;text", NULL, 0},
	};
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		char record[128];
		const char *text = NULL;
		double at_s = 0;
		(void)snprintf(record, sizeof record, "%s", cases[i].record);
		bool good = kernel_log_parse(record, &at_s, &text);
		assert_int_equal(good, cases[i].text != NULL);
		if (!good)
			continue;
		assert_string_equal(text, cases[i].text);
		assert_true(at_s == cases[i].at_s);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(records)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
