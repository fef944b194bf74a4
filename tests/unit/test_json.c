/* base/os/json.c: what the strict reader refuses, and where it says the fault is. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/array.h"
#include "base/os/json.h"
#include "base/os/json_print.h"
#include "base/os/json_scan.h"
#include "base/suggest.h"
#include "base/text.h"

struct refusal {
	const char *text, *message;
};

static const struct refusal refusals[] = {
		{"", "t:1:1: it is empty"},
		{" \n ", "t:2:2: it is empty"},
		{"\xEF\xBB\xBF{}", "t:1:1: it begins with a byte order mark"},
		{"{\"a\":1,\n \"a\":2}", "t:2:2: duplicate member \"a\""},
		{"{\"a\":1,\"\\u0061\":2}", "t:1:8: duplicate member \"a\""},
		{"{\"b\":{\"x\":[{\"y\":1,\"z\":2,\"y\":3}]}}", "t:1:25: duplicate member \"y\""},
		{"{} x", "t:1:4: text after the end of the document"},
		{"{}{}", "t:1:3: text after the end of the document"},
		{"1 2", "t:1:3: text after the end of the document"},
		{"{\"a\":1,}", "t:1:8: a comma before the end"},
		{"[1,]", "t:1:4: expected a value"},
		{"[1 2]", "t:1:4: expected ',' or ']'"},
		{"{\"a\" 1}", "t:1:6: expected ':' after the member name"},
		{"{a:1}", "t:1:2: expected a member name in quotes"},
		{"{\"a\":1 \"b\":2}", "t:1:8: expected ',' or '}'"},
		{"{\"a\":", "t:1:6: the text ends where a value should be"},
		{"[", "t:1:2: the text ends where a value should be"},
		{"\"abc", "t:1:1: this string does not end"},
		{"{\"a\": 'x'}", "t:1:7: expected a value"},
		{"[True]", "t:1:2: expected a value"},
		{"[nul]", "t:1:2: expected a value"},
		{"[NaN]", "t:1:2: expected a value"},
		{"[01]", "t:1:2: a number must not begin with 0"},
		{"[-]", "t:1:3: a number needs a digit here"},
		{"[+1]", "t:1:2: expected a value"},
		{"[.5]", "t:1:2: expected a value"},
		{"[1.]", "t:1:4: a number needs a digit after the point"},
		{"[1e]", "t:1:4: a number needs a digit in its exponent"},
		{"[0x10]", "t:1:3: expected ',' or ']'"},
		{"[1e999]", "t:1:2: this number is above 2^53"},
		{"[9007199254740993]", "t:1:2: this number is above 2^53"},
		{"[-9007199254740993]", "t:1:2: this number is above 2^53"},
		{"[1000000000000000000000]", "t:1:2: this number is above 2^53"},
		{"[0.00000000000000000000000000000000000000000000000000000000000000001]",
				"t:1:2: this number has more than 63"},
		{"[\"a\tb\"]", "t:1:4: control character in a string"},
		{"[\"\\x\"]", "t:1:3: unknown escape in a string"},
		{"[\"\\u12\"]", "t:1:3: \\u needs four hexadecimal digits"},
		{"[\"\\u0000\"]", "t:1:3: a NUL character is not allowed"},
		{"[\"\\ud800\"]", "t:1:3: half of a surrogate pair"},
		{"[\"\\ud800\\u0041\"]", "t:1:3: half of a surrogate pair"},
		{"[\"\\udc00\"]", "t:1:3: half of a surrogate pair"},
		{"[\"\xff\"]", "t:1:3: not valid UTF-8"},
		{"[\"\xc0\xaf\"]", "t:1:3: not valid UTF-8"},
		{"[\"\xed\xa0\x80\"]", "t:1:3: not valid UTF-8"},
		{"[\"\xf4\x90\x80\x80\"]", "t:1:3: not valid UTF-8"},
		{"[\"\xe2\x82\"]", "t:1:3: not valid UTF-8"},
		{"[\"\xc3\xa4\xc3\xa4\", x]", "t:1:8: expected a value"},
		{"/* c */ {}", "t:1:1: expected a value"},
};

static const char *const accepted[] = {
		"{}",
		"[]",
		"0",
		"-0",
		"\"\"",
		"null",
		"true",
		" [1, 2.5, -3e-4, 1E+2] \r\n",
		"9007199254740992",
		"{\"a\":{\"a\":1},\"A\":2}",
		"[\"\\ud83d\\ude00\\u00e4\\n\"]",
		"[\"\xf0\x9f\x98\x80\"]",
		"[[],[[]],{}]",
};

static void refuses(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(refusals); i++) {
		struct error err = {0};
		assert_null(json_read("t", refusals[i].text, strlen(refusals[i].text), &err));
		if (strncmp(err.text, refusals[i].message, strlen(refusals[i].message)) != 0)
			fail_msg("%s\n wanted %s\n got    %s", refusals[i].text, refusals[i].message, err.text);
		assert_int_equal(err.kind, ERROR_INPUT);
	}
}

static void accepts(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(accepted); i++) {
		struct error err = {0};
		struct json *json = json_read("t", accepted[i], strlen(accepted[i]), &err);
		if (!json)
			fail_msg("%s: %s", accepted[i], err.text);
		json_free(json);
	}
}

/* A NUL inside the bytes is neither the end nor a blank. */
static void refuses_nul_bytes(void **state)
{
	(void)state;
	static const char trailing[] = "{}\0{}", inside[] = "[\"a\0b\"]";
	struct error err = {0};
	assert_null(json_read("t", trailing, sizeof trailing - 1, &err));
	assert_string_equal(err.text, "t:1:3: text after the end of the document");
	assert_null(json_read("t", inside, sizeof inside - 1, &err));
	assert_non_null(strstr(err.text, "t:1:4: control character"));
}

static struct json *nested(unsigned depth, struct error *err)
{
	char text[512];
	memset(text, '[', depth);
	memset(text + depth, ']', depth);
	return json_read("t", text, 2 * (size_t)depth, err);
}

static void bounds_the_depth(void **state)
{
	(void)state;
	struct error err = {0};
	struct json *json = nested(JSON_DEPTH_MAX, &err);
	assert_non_null(json);
	json_free(json);
	assert_null(nested(JSON_DEPTH_MAX + 1, &err));
	assert_string_equal(err.text, "t:1:65: nested too deeply (64 levels at most)");
}

static void reads_members(void **state)
{
	(void)state;
	static const char text[] =
			"{\"n\": 1.5, \"u\": \"unlimited\",\n \"s\": \"x\", \"b\": true, \"o\": {}}";
	struct error err = {0};
	struct arena *arena = arena_new();
	struct json *json = json_read("plan.json", text, strlen(text), &err);
	assert_non_null(json);
	const cJSON *root = json_root(json);
	double number = 7;
	bool truth = false;
	const char *string = "kept";
	assert_true(json_number(json, root, "n", &number, &err) && number > 1.4 && number < 1.6);
	assert_true(json_number(json, root, "u", &number, &err) && isinf(number));
	number = 7;
	assert_true(json_number(json, root, "absent", &number, &err) && number > 6.9 && number < 7.1);
	assert_true(json_string(json, root, "absent", arena, &string, &err));
	assert_string_equal(string, "kept");
	assert_true(json_string(json, root, "s", arena, &string, &err));
	assert_string_equal(string, "x");
	assert_true(json_bool(json, root, "b", &truth, &err) && truth);
	assert_false(json_number(json, root, "s", &number, &err));
	assert_string_equal(err.text, "plan.json:2:7: \"s\" must be a number (or \"unlimited\")");
	assert_false(json_string(json, root, "n", arena, &string, &err));
	assert_string_equal(err.text, "plan.json:1:7: \"n\" must be a text in quotes");
	assert_false(json_bool(json, root, "o", &truth, &err));
	json_free(json);
	arena_free(arena);
}

static void names_unknown_members(void **state)
{
	(void)state;
	static const char *const names[] = {"connections", "lifetime_s", NULL};
	static const char text[] = "{\"connections\": 1,\n  \"conections\": 2}";
	struct error err = {0};
	struct json *json = json_read("p", text, strlen(text), &err);
	assert_false(json_check_members(json, json_root(json), names, &err));
	assert_string_equal(err.text,
			"p:2:3: unknown member \"conections\"; did you mean \"connections\"?");
	json_free(json);
	static const char hostile[] = "{\"\\u001b[31m\": 1}";
	json = json_read("p", hostile, strlen(hostile), &err);
	assert_false(json_check_members(json, json_root(json), names, &err));
	assert_null(strchr(err.text, '\x1b'));
	json_free(json);
}

/* A lookup of a position that searched the document would take minutes here. */
static void finds_each_position_of_a_large_document(void **state)
{
	(void)state;
	enum {
		ELEMENTS = 200000
	};
	struct text text = {0};
	struct error err = {0};
	text_add(&text, "[\n");
	for (size_t i = 0; i < ELEMENTS; i++)
		text_addf(&text, "%s{\"n\": %zu}\n", i ? "," : "", i);
	text_add(&text, "]\n");
	assert_true(text.length > 2 * 1024 * 1024);
	struct json *json = json_read("large", text.data, text.length, &err);
	assert_non_null(json);
	size_t line = 2;
	const cJSON *element;
	cJSON_ArrayForEach(element, json_root(json)) {
		assert_int_equal(json_line(json, element), line);
		assert_int_equal(json_line(json, element->child), line);
		line++;
	}
	assert_int_equal(line, ELEMENTS + 2);
	json_free(json);
	text_release(&text);
}

static void prints_like(const cJSON *tree)
{
	char *compact = cJSON_PrintUnformatted(tree), *lines = cJSON_Print(tree);
	struct text text = {0};
	json_print(tree, &text);
	assert_string_equal(text.data, compact);
	text_release(&text);
	json_print_lines(tree, &text);
	assert_string_equal(text.data, lines);
	text_release(&text);
	cJSON_free(compact);
	cJSON_free(lines);
}

/* Bit patterns of all kinds: tiny, huge, not normal, infinite, no number. */
static double some_double(uint64_t *seed)
{
	double number;
	*seed = *seed * 6364136223846793005u + 1442695040888963407u;
	memcpy(&number, seed, sizeof number);
	return number;
}

static void prints_as_cjson_does(void **state)
{
	(void)state;
	static const char *const documents[] = {
			"{}",
			"[]",
			"\"\"",
			"null",
			"{\"a\": {}, \"b\": [], \"c\": [[], {}, [1, [2]]], \"\": true, \"d\": false}",
			"[0, -0, 1, -1, 0.1, -0.75, 999999999999999, 1e-9, 123456.789]",
			"[1000000000000000]",
			"[\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0001\\u001f\x7f\", \"\xc3\xa4\xe2\x82\xac\"]",
			"{\"one\": {\"two\": {\"three\": [{\"x\": 1, \"y\": \"z\"}, {\"x\": null}]}}}",
	};
	for (size_t i = 0; i < COUNT_OF(documents); i++) {
		cJSON *tree = cJSON_Parse(documents[i]);
		assert_non_null(tree);
		prints_like(tree);
		cJSON_Delete(tree);
	}
	uint64_t seed = 1;
	for (int i = 0; i < 5000; i++) {
		double number = some_double(&seed);
		if (isfinite(number))
			number = fmod(number, 9007199254740992.0);
		cJSON *whole = cJSON_CreateNumber(trunc(number)), *any = cJSON_CreateNumber(number);
		prints_like(whole);
		prints_like(any);
		for (int decade = 0; decade < 22; decade++) {
			cJSON_SetNumberValue(any, (double)(seed >> 11) * pow(10, decade - 21));
			prints_like(any);
		}
		cJSON_SetNumberValue(any, (double)(seed >> 40) / 1000);
		prints_like(any);
		cJSON_Delete(whole);
		cJSON_Delete(any);
	}
}

/* json_read() takes numbers up to 2^53; a larger one is written as that. */
static void what_is_printed_is_read_again(void **state)
{
	(void)state;
	uint64_t seed = 1;
	for (int i = 0; i < 5000; i++) {
		struct error err = {0};
		struct text text = {0};
		cJSON *tree = cJSON_CreateArray();
		cJSON_AddItemToArray(tree, cJSON_CreateNumber(some_double(&seed)));
		json_print(tree, &text);
		struct json *json = json_read("t", text.data, text.length, &err);
		assert_string_equal(err.text, "");
		json_free(json);
		cJSON_Delete(tree);
		text_release(&text);
	}
}

static void suggests(void **state)
{
	(void)state;
	static const char *const names[] = {"net.core.somaxconn", "fs.file-max", NULL};
	assert_string_equal(suggest_name("net.core.somaxcon", names), "net.core.somaxconn");
	assert_null(suggest_name("zzz", names));
	assert_int_equal(suggest_distance("kitten", "sitting"), 3);
	char out[SUGGEST_MAX];
	assert_string_equal(suggest_question(out, "net.core.somaxcon", names),
			"; did you mean net.core.somaxconn?");
	assert_string_equal(suggest_question(out, "zzz", names), "");
	assert_string_equal(suggest_question_about(out, "--", "output"), "; did you mean --output?");
	assert_string_equal(suggest_question_about(out, "--", NULL), "");
	assert_int_equal(suggest_distance("", "abc"), 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(refuses),
			cmocka_unit_test(accepts),
			cmocka_unit_test(refuses_nul_bytes),
			cmocka_unit_test(bounds_the_depth),
			cmocka_unit_test(reads_members),
			cmocka_unit_test(names_unknown_members),
			cmocka_unit_test(finds_each_position_of_a_large_document),
			cmocka_unit_test(prints_as_cjson_does),
			cmocka_unit_test(what_is_printed_is_read_again),
			cmocka_unit_test(suggests),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
