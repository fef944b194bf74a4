/* Assumed values in words: each names the flag that states it. */
#include "report/document/assumed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "model/load/workload.h"

static cJSON *assumption(const char *field, const char *value, const char *source)
{
	cJSON *item = cJSON_CreateObject();
	cJSON_AddStringToObject(item, "field", field);
	cJSON_AddStringToObject(item, "value", value);
	cJSON_AddStringToObject(item, "source", source);
	return item;
}

static bool is_flag(enum workload_field field, const char *flag)
{
	char name[64];
	const struct workload_row *row = &workload_rows[field];
	const char *bare = flag + strlen("--");
	if (row->short_flag && strcmp(bare, row->short_flag) == 0)
		return true;
	return strcmp(bare, workload_flag(field, name)) == 0;
}

static void flags_exist(void **state)
{
	struct arena *arena = arena_new();
	size_t named = 0;
	(void)state;
	for (int i = 0; i < WORKLOAD_FIELDS; i++) {
		const char *field = workload_rows[i].name;
		cJSON *item = assumption(field, "1", "default");
		struct assumed said = document_assumed(arena, item);
		if (*said.flag) {
			named++;
			if (!is_flag((enum workload_field)i, said.flag))
				fail_msg("%s: %s is no flag of it", field, said.flag);
			assert_string_not_equal(said.name, field);
		}
		cJSON_Delete(item);
	}
	assert_true(named >= 28);
	arena_free(arena);
}

static void values_are_said(void **state)
{
	struct arena *arena = arena_new();
	cJSON *closer = assumption("closer", "client", "default");
	cJSON *odd = assumption("new_field", "7", "a reason");
	struct assumed said = document_assumed(arena, closer);
	(void)state;
	assert_string_equal(said.name, "Who closes connections first");
	assert_string_equal(said.value, "the client");
	assert_string_equal(said.why, "headroom's default");
	said = document_assumed(arena, odd);
	assert_string_equal(said.name, "new_field");
	assert_string_equal(said.value, "7");
	assert_string_equal(said.why, "a reason");
	assert_string_equal(said.flag, "");
	cJSON_Delete(closer);
	cJSON_Delete(odd);
	arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(flags_exist),
			cmocka_unit_test(values_are_said),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
