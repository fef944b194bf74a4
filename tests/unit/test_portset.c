/* Port sets: the kernel's list format and the set operations. */
#include "base/portset.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/array.h"

static const struct {
	const char *text, *printed;
	unsigned count;
} lists[] = {
		{"", "", 0},
		{"\n", "", 0},
		{"8080", "8080", 1},
		{"8080,9148-9150\n", "8080,9148-9150", 4},
		{" 5 ", "5", 1},
		{"0-65535", "0-65535", 65536},
		{"9150,9148,9149", "9148-9150", 3},
		{"1-10,5-20,21", "1-21", 21},
		{"63,64,65535", "63-64,65535", 3},
};

static const char *const bad[] = {
		",",
		"1,",
		",1",
		"1,,2",
		"a",
		"1-",
		"-1",
		"1--2",
		"5-4",
		"65536",
		"1-65536",
		"1 2",
		"1, 2",
		"1;2",
		"1\n2",
		"99999999999999999999",
		"0x10",
		"1.5",
};

static void lists_are_read_and_printed(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(lists); i++) {
		struct portset set;
		struct error err = {0};
		struct text out = {0};
		if (!portset_parse(lists[i].text, &set, &err))
			fail_msg("\"%s\": %s", lists[i].text, err.text);
		assert_int_equal(portset_count(&set, 0, 65535), lists[i].count);
		portset_print(&set, &out);
		assert_string_equal(out.data, lists[i].printed);
		text_release(&out);
	}
}

static void bad_lists_are_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		struct portset set = {{1}};
		struct error err = {0};
		if (portset_parse(bad[i], &set, &err))
			fail_msg("\"%s\" was accepted", bad[i]);
		assert_int_equal(set.bits[0], 1);
		assert_non_null(strstr(err.text, "at character "));
	}
}

static void sets_combine(void **state)
{
	(void)state;
	struct portset a = {{0}}, b = {{0}};
	portset_add(&a, 32768, 60999);
	portset_add(&b, 60000, 70000);
	assert_true(portset_has(&b, 65535));
	assert_false(portset_has(&b, 65536));
	assert_int_equal(portset_count(&a, 32768, 60999), 28232);
	assert_int_equal(portset_count(&a, 60999, 60999), 1);
	assert_int_equal(portset_count(&a, 61000, 4294967295U), 0);
	portset_subtract(&a, &b);
	assert_int_equal(portset_count(&a, 0, 65535), 28232 - 1000);
	assert_false(portset_has(&a, 60000));
	portset_union(&a, &b);
	assert_int_equal(portset_count(&a, 0, 65535), 65536 - 32768);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(lists_are_read_and_printed),
			cmocka_unit_test(bad_lists_are_refused),
			cmocka_unit_test(sets_combine),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
