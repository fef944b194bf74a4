/* The template's expressions: what they give, and what is refused with which words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/array.h"
#include "report/chart/words.h"
#include "report/render/format.h"
#include "report/render/path.h"

static const char document[] =
		"{\"verdict\":\"fail\",\"warnings\":0,\"headline\":\"<b>\\u202ex\",\"host\":{\"name\":"
		"\"a\\u0007b\",\"pid\":null},"
		"\"coverage\":{\"not_visible\":[],\"not_judged\":[\"CPU\",\"bandwidth\"]},"
		"\"max_safe\":{\"scale\":0.7058,\"connections\":10587,\"open_rate_per_s\":\"unlimited\"},"
		"\"resources\":[{\"id\":\"p\",\"title\":\"Ports\",\"status\":\"fail\",\"demand\":30000,"
		"\"unit\":\"ports\","
		"\"quantity\":\"count\",\"utilization\":1.06,\"capacity\":null},"
		"{\"id\":\"m\",\"title\":\"Memory\",\"status\":\"pass\",\"demand\":1073741824,\"unit\":"
		"\"\",\"quantity\":\"bytes\"}],"
		"\"facts\":[{\"key\":\"k\",\"value\":60,\"unit\":\"seconds\",\"raw\":\"1\\t 2  3\\n\"}],"
		"\"fixes\":[{\"persistent\":{\"sysctl.d\":\"a = 1\\nb = "
		"2\"}}],\"created\":\"2025-05-20T08:00:00Z\"}";

struct fixture {
	struct arena *arena;
	cJSON *root;
};

static int set_up(void **state)
{
	struct arena *arena = arena_new();
	struct fixture *fixture = arena_alloc(arena, sizeof *fixture);
	*fixture = (struct fixture){.arena = arena, .root = cJSON_Parse(document)};
	cJSON_AddItemToObject(cJSON_AddObjectToObject(fixture->root, "page"),
			"words",
			words_built_in());
	*state = fixture;
	return fixture->root ? 0 : -1;
}

static int tear_down(void **state)
{
	struct fixture *fixture = *state;
	cJSON_Delete(fixture->root);
	arena_free(fixture->arena);
	return 0;
}

/* item: index in resources, or -1. */
static struct scope scope_of(const struct fixture *fixture, int item)
{
	const cJSON *list = cJSON_GetObjectItemCaseSensitive(fixture->root, "resources");
	return (struct scope){.arena = fixture->arena,
			.root = fixture->root,
			.number = (size_t)(item + 1),
			.item = item < 0 ? NULL : cJSON_GetArrayItem(list, item),
			.parent = list};
}

static void patterns(void **state)
{
	static const struct {
		const char *pattern;
		int item;
		const char *expected;
	} cases[] = {
			{"verdict | upper", -1, "FAIL"},
			{"host.name",
					-1,
					"a\xEF\xBF\xBD"
					"b"},
			{"headline", -1, "<b>\xEF\xBF\xBDx"},
			{"host.pid", -1, ""},
			{"host.os", -1, ""},
			{"max_safe | load", -1, "10,587 connections, unlimited"},
			{"max_safe.open_rate_per_s | per_s", -1, "unlimited"},
			{".demand | quantity", 0, "30,000 ports"},
			{".demand | quantity", 1, "1 GiB"},
			{".capacity | quantity", 0, "–"},
			{"needs {.demand | number} of {.title}", 0, "needs 30,000 of Ports"},
			{"{@number}. {.title | upper}", 1, "2. MEMORY"},
			{"coverage.not_judged | join", -1, "CPU, bandwidth"},
			{"coverage.not_judged | plural thing", -1, "2 things"},
			{"resources | length", -1, "2"},
			{"created | time", -1, "2025-05-20 08:00:00 UTC"},
			{"created | clock", -1, "08:00:00"},
			{"verdict | resource", -1, "fail"},
			{".id | resource", 1, "Memory"},
			{"plain text {verdict}", -1, "plain text fail"},
	};
	const struct fixture *fixture = *state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct scope scope = scope_of(fixture, cases[i].item);
		struct error err = {0};
		if (!path_check_pattern(cases[i].pattern, cases[i].item < 0 ? "" : "resources", &err))
			fail_msg("%s: %s", cases[i].pattern, err.text);
		const char *got = path_pattern(&scope, cases[i].pattern);
		assert_string_equal(got, cases[i].expected);
	}
}

static void conditions(void **state)
{
	static const struct {
		const char *condition;
		int item;
		bool expected;
	} cases[] = {
			{"verdict", -1, true},
			{"warnings", -1, false},
			{"not warnings", -1, true},
			{"host.pid", -1, false},
			{"known host.pid", -1, false},
			{"known warnings", -1, true},
			{"coverage.not_visible", -1, false},
			{"coverage.not_judged", -1, true},
			{"holds", -1, false},
			{"verdict == 'fail'", -1, true},
			{"verdict != 'fail'", -1, false},
			{".utilization > 1", 0, true},
			{".utilization < 1", 0, false},
			{".utilization > 1", 1, false},
			{"verdict == 'pass' or warnings == 0", -1, true},
			{"verdict == 'fail' and warnings > 0", -1, false},
			{"not (verdict == 'pass' or warnings)", -1, true},
			{".id == 'm' and .status == 'pass'", 1, true},
			{"max_safe.open_rate_per_s > 5", -1, true},
	};
	const struct fixture *fixture = *state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct scope scope = scope_of(fixture, cases[i].item);
		struct error err = {0};
		if (!path_check_condition(cases[i].condition, cases[i].item < 0 ? "" : "resources", &err))
			fail_msg("%s: %s", cases[i].condition, err.text);
		if (path_condition(&scope, cases[i].condition) != cases[i].expected)
			fail_msg("%s", cases[i].condition);
	}
}

static void refused(void **state)
{
	(void)state;
	static const struct {
		const char *pattern, *shape, *words;
	} cases[] = {
			{"verdikt", "", "verdikt"},
			{"host.nam", "", "nam"},
			{"verdict.name", "", "name"},
			{".title", "", "title"},
			{".titel", "resources", "titel"},
			{"verdict | shout", "", "formatter"},
			{"{verdict", "", "closing }"},
			{"verdict more", "", "not understood"},
			{"host..name", "", "name was expected"},
			{"@index", "resources", "@key and @number"},
			{"", "", "path was expected"},
			{"resources.max_safe.deeper", "", "deeper"},
	};
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct error err = {0};
		if (path_check_pattern(cases[i].pattern, cases[i].shape, &err))
			fail_msg("accepted: %s", cases[i].pattern);
		if (!strstr(err.text, cases[i].words))
			fail_msg("%s: %s", cases[i].pattern, err.text);
	}
	struct error err = {0};
	assert_false(path_check_condition("verdict = 'fail'", "", &err));
	assert_false(path_check_condition("verdict == 'fail", "", &err));
	assert_false(path_check_condition("(verdict", "", &err));
}

static void lists_have_shapes(void **state)
{
	const struct fixture *fixture = *state;
	static const struct {
		const char *list, *shape, *expected;
	} cases[] = {
			{"resources", "", "resources"},
			{".sources", "resources", "resources.sources"},
			{".persistent", "fixes", "fixes.persistent.*"},
			{".facts", "fixes", "fixes.facts.*"},
			{"page.evidence", "", "page.evidence"},
	};
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const char *shape;
		struct error err = {0};
		assert_true(path_check_list(fixture->arena, cases[i].list, cases[i].shape, &shape, &err));
		assert_string_equal(shape, cases[i].expected);
	}
	struct scope scope = scope_of(fixture, -1);
	assert_int_equal(cJSON_GetArraySize(path_list(&scope, "resources")), 2);
	assert_null(path_list(&scope, "verdict"));
	assert_null(path_list(&scope, "findings"));
}

static void raw_texts(void **state)
{
	const struct fixture *fixture = *state;
	const cJSON *fact = cJSON_GetArrayItem(cJSON_GetObjectItemCaseSensitive(fixture->root, "facts"),
			0);
	const cJSON *fix = cJSON_GetArrayItem(cJSON_GetObjectItemCaseSensitive(fixture->root, "fixes"),
			0);
	struct formatted raw = {.arena = fixture->arena,
			.node = cJSON_GetObjectItemCaseSensitive(fact, "raw"),
			.parent = fact,
			.argument = ""};
	assert_string_equal(format_find("visible", 7)->format(&raw), "1→ 2··3↵");
	raw.node = cJSON_GetObjectItemCaseSensitive(fact, "value");
	assert_string_equal(format_find("value", 5)->format(&raw), "60 s");
	raw.node = cJSON_GetObjectItemCaseSensitive(cJSON_GetObjectItemCaseSensitive(fix, "persistent"),
			"sysctl.d");
	assert_string_equal(format_find("lines", 5)->format(&raw), "a = 1\nb = 2");
}

static void links(void **state)
{
	(void)state;
	assert_true(format_is_link("https://docs.kernel.org/networking/ip-sysctl.html?h=v6.1#x"));
	static const char *const bad[] = {
			"",
			"https://",
			"http://example.org/",
			"javascript:alert(1)",
			"HTTPS://example.org",
			" https://example.org",
			"https://x/a)/S/JavaScript/JS(app.alert(1)",
			"https://x/\"onclick=",
			"https://x/a b",
			"https://x/'",
			"//x/",
	};
	for (size_t i = 0; i < COUNT_OF(bad); i++)
		if (format_is_link(bad[i]))
			fail_msg("accepted: %s", bad[i]);
}

/* The path of the shape table must stay in step with the contract's members. */
static void shapes(void **state)
{
	(void)state;
	assert_true(shape_has("", "hit_since_boot"));
	assert_true(shape_has("resources.instances", "demand_substituted"));
	assert_true(shape_has("workload", "anything"));
	assert_false(shape_has("", "resource"));
	assert_false(shape_has("", "tool version"));
	assert_false(shape_has("nowhere", "id"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test_setup_teardown(patterns, set_up, tear_down),
			cmocka_unit_test_setup_teardown(conditions, set_up, tear_down),
			cmocka_unit_test(refused),
			cmocka_unit_test_setup_teardown(lists_have_shapes, set_up, tear_down),
			cmocka_unit_test_setup_teardown(raw_texts, set_up, tear_down),
			cmocka_unit_test(links),
			cmocka_unit_test(shapes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
