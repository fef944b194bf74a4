/* Lists of names. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/array.h"
#include "base/list.h"

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
	};
	return cmocka_run_group_tests(tests, list_setup, list_teardown);
}
