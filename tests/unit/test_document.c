/* The door to the audit document: which documents are refused and where the message points,
 * verdicts and statuses as enums, exit codes, and loads as text. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/array.h"
#include "report/document/load.h"
#include "report/document/open.h"
#include "report/document/verdict.h"
#include "report/document/view.h"

#define SCHEMA "\"schema\":\"headroom.audit/1\""

static void a_whole_document_opens(void **state)
{
	(void)state;
	static const char *const paths[] = {"tests/report/sample-audit.json",
			"tests/report/none-audit.json",
			"tests/report/unknown-audit.json",
			"tests/report/hostile-audit.json"};
	for (size_t i = 0; i < COUNT_OF(paths); i++) {
		struct error err = {0};
		struct json *json = document_open(paths[i], &err);
		assert_string_equal(err.text, "");
		assert_non_null(json);
		assert_true(document_is_audit(json_root(json)));
		json_free(json);
	}
}

static void what_is_wrong_is_told_with_its_place(void **state)
{
	(void)state;
	static const struct {
		const char *bytes, *message;
	} cases[] = {
			{"", "x:1:1: it is empty"},
			{"{\"a\":1,\"a\":2}", "x:1:8: duplicate member \"a\""},
			{"[]", "x: not an audit document: it has no \"schema\""},
			{"{\"a\":1}", "x: not an audit document: it has no \"schema\""},
			{"{\"schema\":1}", "x: not an audit document: it has no \"schema\""},
			{"{\"schema\":\"headroom.audit/3\"}",
					"x: its schema is \"headroom.audit/3\", this version reads "
					"headroom.audit/1 and headroom.audit/2; a newer headroom may read it"},
			{"{\"schema\":\"headroom.facts/1\"}", "x: its schema is \"headroom.facts/1\""},
			{"{" SCHEMA "}", "x: not a whole audit document: \"resources\" is missing"},
			{"{" SCHEMA ",\"resources\":[]}",
					"x: not a whole audit document: \"verdict\" is missing"},
			{"{" SCHEMA ",\"resources\":[],\"verdict\":\"pass\"}",
					"x: not a whole audit document: \"created\" is missing"},
			{"{" SCHEMA ",\n\"resources\":{}}", "x:2:13: \"resources\" must be a list of limits"},
			{"{" SCHEMA ",\"resources\":[],\n\"verdict\":\"maybe\"}",
					"x:2:11: \"verdict\" must be pass, fail, unknown or none"},
			{"{" SCHEMA ",\"resources\":[],\n\"verdict\":null}",
					"x:2:11: \"verdict\" must be pass, fail, unknown or none"},
			{"{" SCHEMA ",\"resources\":[],\"verdict\":\"pass\",\n\"created\":\"\"}",
					"x:2:11: \"created\" must be a time"},
			{"{" SCHEMA ",\"resources\":[],\"verdict\":\"pass\",\n\"created\":\"yesterday\"}",
					"x:2:11: \"created\" must be a time"},
			{"{" SCHEMA
			 ",\"resources\":[],\"verdict\":\"pass\",\"as_of\":\"yesterday\",\n\"created\":"
			 "\"2026-05-20T08:00:00Z\"}",
					"\"as_of\" must be a time"},
			{"{" SCHEMA
			 ",\"verdict\":\"pass\",\"created\":\"2026-05-20T08:00:00Z\",\"resources\":[{},\n7]}",
					"x:2:1: \"resources\" must be a list of objects"},
	};
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct error err = {0};
		const char *bytes = cases[i].bytes;
		assert_null(document_open_bytes("x", bytes, strlen(bytes), &err));
		if (!strstr(err.text, cases[i].message))
			fail_msg("%s: \"%s\"", bytes, err.text);
		assert_int_equal(err.kind, ERROR_INPUT);
	}
}

static void a_missing_file_is_told(void **state)
{
	(void)state;
	struct error err = {0};
	assert_null(document_open("tests/report/there-is-none.json", &err));
	assert_non_null(strstr(err.text, "there-is-none.json: No such file"));
}

/* Another version claims to be an audit document; other documents do not. */
static void what_claims_to_be_one(void **state)
{
	(void)state;
	static const struct {
		const char *json;
		bool claims;
	} cases[] = {
			{"{\"schema\":\"headroom.audit/1\"}", true},
			{"{\"schema\":\"headroom.audit/2\"}", true},
			{"{\"schema\":\"headroom.audit/3\"}", true},
			{"{\"schema\":\"headroom.workload/1\"}", false},
			{"{\"schema\":\"headroom.auditor/1\"}", false},
			{"{\"schema\":7}", false},
			{"{}", false},
			{"[]", false},
	};
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		cJSON *root = cJSON_Parse(cases[i].json);
		assert_int_equal(document_is_audit(root), cases[i].claims);
		cJSON_Delete(root);
	}
}

static void a_tree_is_checked_like_a_file(void **state)
{
	(void)state;
	struct error err = {0};
	cJSON *root = cJSON_Parse("{" SCHEMA ",\"resources\":[],\"verdict\":\"good\"}");
	assert_false(document_check_tree(root, "the input", &err));
	assert_string_equal(err.text, "the input: \"verdict\" must be pass, fail, unknown or none");
	cJSON_SetValuestring(cJSON_GetObjectItem(root, "verdict"), "pass");
	cJSON_AddStringToObject(root, "created", "2026-05-20T08:00:00Z");
	assert_true(document_check_tree(root, "the input", &err));
	cJSON_Delete(root);
}

static void names_and_enums_agree(void **state)
{
	(void)state;
	for (int i = VERDICT_NONE; i <= VERDICT_UNKNOWN; i++) {
		enum verdict verdict = VERDICT_NONE;
		assert_true(verdict_from_name(verdict_name((enum verdict)i), &verdict));
		assert_int_equal(verdict, i);
	}
	for (int i = STATUS_PASS; i <= STATUS_NOT_APPLICABLE; i++) {
		enum status status = STATUS_PASS;
		assert_true(status_from_name(status_name((enum status)i), &status));
		assert_int_equal(status, i);
	}
	enum verdict verdict = VERDICT_FAIL;
	assert_false(verdict_from_name("", &verdict));
	assert_false(verdict_from_name("PASS", &verdict));
	assert_false(verdict_from_name("warn", &verdict));
	assert_int_equal(verdict, VERDICT_FAIL);
	enum status status = STATUS_FAIL;
	assert_false(status_from_name("none", &status));
	assert_int_equal(status, STATUS_FAIL);
}

/* A word that nobody knows must never pass. */
static void an_odd_word_is_unknown(void **state)
{
	(void)state;
	cJSON *root = cJSON_Parse("{\"verdict\":\"great\",\"status\":true}");
	assert_int_equal(document_verdict(root), VERDICT_UNKNOWN);
	assert_int_equal(document_status(root), STATUS_UNKNOWN);
	assert_int_equal(document_verdict(NULL), VERDICT_UNKNOWN);
	cJSON_Delete(root);
}

static void exit_codes(void **state)
{
	(void)state;
	assert_int_equal(verdict_exit(VERDICT_NONE), 0);
	assert_int_equal(verdict_exit(VERDICT_PASS), 0);
	assert_int_equal(verdict_exit(VERDICT_FAIL), 3);
	assert_int_equal(verdict_exit(VERDICT_UNKNOWN), 4);
}

static void the_verdict_after_the_fixes(void **state)
{
	(void)state;
#define FIXES(first, last)                                           \
	"\"fixes\":[{\"in_ladder\":true,\"gain\":{\"fits\":" first "}}," \
	"{\"in_ladder\":true,\"gain\":{\"fits\":" last "}},"             \
	"{\"in_ladder\":false,\"gain\":{\"fits\":true}}]}"
	static const struct {
		const char *json;
		enum verdict after;
	} cases[] = {
			{"{\"verdict\":\"fail\"," FIXES("false", "true"), VERDICT_PASS},
			{"{\"verdict\":\"fail\"," FIXES("true", "false"), VERDICT_FAIL},
			{"{\"verdict\":\"fail\",\"fixes\":[]}", VERDICT_FAIL},
			{"{\"verdict\":\"fail\"}", VERDICT_FAIL},
			{"{\"verdict\":\"unknown\"," FIXES("true", "true"), VERDICT_UNKNOWN},
			{"{\"verdict\":\"none\",\"fixes\":[]}", VERDICT_NONE},
			{"{\"verdict\":\"pass\",\"fixes\":[]}", VERDICT_PASS},
	};
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		cJSON *root = cJSON_Parse(cases[i].json);
		assert_non_null(root);
		assert_int_equal(document_verdict_after_fixes(root), cases[i].after);
		cJSON_Delete(root);
	}
}

static void the_limit_to_tell_first(void **state)
{
	(void)state;
#define LIMITS                                                                                 \
	"\"resources\":[{\"id\":\"a\",\"status\":\"pass\"},{\"id\":\"b\",\"status\":\"unknown\"}," \
	"{\"id\":\"c\",\"status\":\"fail\"}]"
	static const struct {
		const char *json, *id;
	} cases[] = {
			{"{\"binding\":{\"resource\":\"a\"}," LIMITS "}", "a"},
			{"{\"binding\":{\"resource\":\"gone\"}," LIMITS "}", "c"},
			{"{" LIMITS "}", "c"},
			{"{\"resources\":[{\"id\":\"u\",\"status\":\"unknown\"}]}", "u"},
			{"{\"resources\":[{\"id\":\"p\",\"status\":\"pass\"}]}", ""},
			{"{}", ""},
	};
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		cJSON *root = cJSON_Parse(cases[i].json);
		assert_string_equal(view_raw(document_leading_limit(root), "id"), cases[i].id);
		cJSON_Delete(root);
	}
}

/* One rule for null, 0 and "unlimited". */
static void loads_as_text(void **state)
{
	(void)state;
	static const struct {
		const char *json, *text;
		enum load_says says;
	} cases[] = {
			{"{\"connections\":10587,\"open_rate_per_s\":176}",
					"10,587 connections, 176 new/s",
					LOAD_SAYS_BOTH},
			{"{\"connections\":100490,\"open_rate_per_s\":0}",
					"100,490 connections",
					LOAD_SAYS_CONNECTIONS},
			{"{\"connections\":100490,\"open_rate_per_s\":null}",
					"100,490 connections",
					LOAD_SAYS_CONNECTIONS},
			{"{\"connections\":0,\"open_rate_per_s\":0}", "0 connections", LOAD_SAYS_CONNECTIONS},
			{"{\"connections\":null,\"open_rate_per_s\":470}", "470 new/s", LOAD_SAYS_RATE},
			{"{\"connections\":null,\"open_rate_per_s\":0}", "0 new/s", LOAD_SAYS_RATE},
			{"{\"connections\":\"unlimited\",\"open_rate_per_s\":\"unlimited\"}",
					"unlimited",
					LOAD_SAYS_UNLIMITED},
			{"{\"connections\":\"unlimited\",\"open_rate_per_s\":0}",
					"unlimited",
					LOAD_SAYS_UNLIMITED},
			{"{\"connections\":null,\"open_rate_per_s\":\"unlimited\"}",
					"unlimited",
					LOAD_SAYS_UNLIMITED},
			{"{\"connections\":null,\"open_rate_per_s\":null}", "", LOAD_SAYS_NOTHING},
			{"{}", "", LOAD_SAYS_NOTHING},
			{"null", "", LOAD_SAYS_NOTHING},
	};
	struct arena *arena = arena_new();
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		cJSON *node = cJSON_Parse(cases[i].json);
		const struct load_point load = document_load(arena, node);
		assert_int_equal(load_says(&load), cases[i].says);
		assert_string_equal(document_load_text(arena, node), cases[i].text);
		cJSON_Delete(node);
	}
	const struct load_point plan = {.connections = 15000, .open_rate_per_s = 250};
	assert_string_equal(load_text(arena, &plan, " · "), "15,000 connections · 250 new/s");
	assert_string_equal(document_load_text(arena, NULL), "");
	arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(a_whole_document_opens),
			cmocka_unit_test(what_is_wrong_is_told_with_its_place),
			cmocka_unit_test(a_missing_file_is_told),
			cmocka_unit_test(what_claims_to_be_one),
			cmocka_unit_test(a_tree_is_checked_like_a_file),
			cmocka_unit_test(names_and_enums_agree),
			cmocka_unit_test(an_odd_word_is_unknown),
			cmocka_unit_test(exit_codes),
			cmocka_unit_test(the_verdict_after_the_fixes),
			cmocka_unit_test(the_limit_to_tell_first),
			cmocka_unit_test(loads_as_text),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
