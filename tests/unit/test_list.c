/* Lists of names, and sorting. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/array.h"
#include "base/list.h"
#include "base/sort.h"

static void appended_names_keep_their_order(void **state)
{
	struct arena *arena = *state;
	struct name_list list = {0};
	static const char *const names[] = {"b", "a", "b"};
	for (size_t i = 0; i < COUNT_OF(names); i++)
		name_list_append(arena, &list, names[i]);
	assert_int_equal(list.count, 3);
	for (size_t i = 0; i < COUNT_OF(names); i++)
		assert_ptr_equal(list.items[i], names[i]);
}

static void once_means_once(void **state)
{
	struct arena *arena = *state;
	struct name_list list = {0};
	assert_false(name_list_has(&list, ""));
	name_list_add_once(arena, &list, "");
	name_list_add_once(arena, &list, "ports");
	name_list_add_once(arena, &list, "");
	name_list_add_once(arena, &list, "ports");
	assert_int_equal(list.count, 2);
	assert_true(name_list_has(&list, ""));
	assert_true(name_list_has(&list, "ports"));
	assert_false(name_list_has(&list, "port"));
}

static void a_list_grows(void **state)
{
	struct arena *arena = *state;
	struct name_list list = {0};
	for (int i = 0; i < 1000; i++)
		name_list_append(arena, &list, arena_printf(arena, "%d", i));
	assert_int_equal(list.count, 1000);
	assert_true(list.capacity >= list.count);
	assert_string_equal(list.items[0], "0");
	assert_string_equal(list.items[999], "999");
}

static void names_and_numbers_are_sorted(void **state)
{
	(void)state;
	const char *names[] = {"b", "", "a", "b", "B"};
	double numbers[] = {2, -INFINITY, 0.5, INFINITY, 0.5};
	sort_names(names, COUNT_OF(names));
	sort_numbers(numbers, COUNT_OF(numbers));
	for (size_t i = 1; i < COUNT_OF(names); i++)
		assert_true(strcmp(names[i - 1], names[i]) <= 0);
	for (size_t i = 1; i < COUNT_OF(numbers); i++)
		assert_true(numbers[i - 1] <= numbers[i]);
	const char *key = "a";
	const char **found = bsearch(&key, names, COUNT_OF(names), sizeof *names, sort_compare_names);
	assert_non_null(found);
	assert_string_equal(*found, "a");
	sort_names(NULL, 0);
	sort_numbers(NULL, 0);
}

static int list_setup(void **state)
{
	*state = arena_new();
	return 0;
}

static int list_teardown(void **state)
{
	arena_free(*state);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(appended_names_keep_their_order),
			cmocka_unit_test(once_means_once),
			cmocka_unit_test(a_list_grows),
			cmocka_unit_test(names_and_numbers_are_sorted),
	};
	return cmocka_run_group_tests(tests, list_setup, list_teardown);
}
