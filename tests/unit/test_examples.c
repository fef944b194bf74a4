/* The language in which rules state what their examples must give. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "audit/rules/examples.h"
#include "base/array.h"

static const char document_text[] = "{\"verdict\":\"fail\",\"resources\":[{\"id\":\"a-b\","
									"\"demand\":30000,\"over\":true,\"note\":null}],"
									"\"ladder\":[{\"fix\":\"x\",\"n\":1}],\"groups\":[{\"name\":"
									"\"eth\",\"now\":2}],\"list\":[5,6],"
									"\"facts\":{\"net.core.somaxconn\":{\"to\":4096},\"net\":{"
									"\"y\":1}},\"text\":\"needs 28,232 ports\"}";

struct lookup {
	const char *path, *expected; /* JSON text of the value; NULL: nothing there */
};

static const struct lookup lookups[] = {
		{"verdict", "\"fail\""},
		{"resources.a-b.demand", "30000"},
		{"resources.0.demand", "30000"},
		{"ladder.x.n", "1"},
		{"groups.eth.now", "2"},
		{"list.1", "6"},
		{"list.9", NULL},
		{"resources.c", NULL},
		{"facts.net.core.somaxconn.to", "4096"},
		{"facts.net.y", "1"},
		{"verdict.x", NULL},
		{"resources.a-b.demand.x", NULL},
		{"resources.a-b.note", "null"},
		{"list.", NULL},
		{".", NULL},
};

static void paths_are_followed(void **state)
{
	(void)state;
	cJSON *document = cJSON_Parse(document_text);
	for (size_t i = 0; i < COUNT_OF(lookups); i++) {
		char *found = cJSON_PrintUnformatted(example_find(document, lookups[i].path));
		bool same = found && lookups[i].expected ? !strcmp(found, lookups[i].expected)
												 : !found && !lookups[i].expected;
		if (!same)
			fail_msg("%s: %s", lookups[i].path, found ? found : "nothing");
		cJSON_free(found);
	}
	cJSON_Delete(document);
}

struct comparison {
	const char *found, *expected; /* JSON texts; found NULL: nothing there */
	bool matches;
};

static const struct comparison comparisons[] = {
		{"5", "5", true},
		{"5", "5.00001", false},
		{"5", "\"5\"", false},
		{"0.22500000001", "0.225", true},
		{"null", "null", true},
		{"null", "0", false},
		{"\"unlimited\"", "\"unlimited\"", true},
		{"\"unlimited\"", "5", false},
		{"true", "true", true},
		{"false", "true", false},
		{"{}", "true", true},
		{NULL, "true", false},
		{NULL, "false", true},
		{"{}", "false", false},
		{NULL, "null", false},
		{NULL, "0", false},
		{"12300", "{\"near\":12261,\"within\":\"0.5%\"}", true},
		{"12400", "{\"near\":12261,\"within\":\"0.5%\"}", false},
		{"12261", "{\"near\":12261}", false},
		{"7", "{\"min\":5,\"max\":9}", true},
		{"4", "{\"min\":5}", false},
		{"10", "{\"max\":9}", false},
		{"5", "{}", false},
		{"\"needs ports\"", "{\"contains\":\"port\"}", true},
		{"\"needs ports\"", "{\"contains\":\"fd\"}", false},
		{"5", "{\"contains\":\"5\"}", false},
};

static void values_are_compared(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(comparisons); i++) {
		cJSON *found = comparisons[i].found ? cJSON_Parse(comparisons[i].found) : NULL;
		cJSON *expected = cJSON_Parse(comparisons[i].expected);
		struct text why = {0};
		bool matches = example_matches(found, expected, &why);
		if (matches != comparisons[i].matches)
			fail_msg("%s against %s", comparisons[i].found, comparisons[i].expected);
		assert_int_equal(matches, why.length == 0);
		text_release(&why);
		cJSON_Delete(found);
		cJSON_Delete(expected);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(paths_are_followed),
			cmocka_unit_test(values_are_compared)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
