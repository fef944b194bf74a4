/* The words of the charts: every one is used, the sources use no other; a user's file changes what
 * it has and is refused with the line where it is wrong; what is said cannot bring in more than it
 * says. */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/array.h"
#include "base/text.h"
#include "report/chart/chart.h"
#include "report/chart/svg.h"
#include "report/chart/words.h"
#include "report/document/view.h"
#include "report/render/page.h"

static void read_file(const char *path, struct text *out)
{
	char bytes[8192];
	FILE *file = fopen(path, "r");
	assert_non_null(file);
	for (size_t size; (size = fread(bytes, 1, sizeof bytes, file)) > 0;)
		text_add_bytes(out, bytes, size);
	(void)fclose(file);
}

static void read_sources(const char *dir, struct text *out)
{
	DIR *files = opendir(dir);
	assert_non_null(files);
	for (const struct dirent *entry; (entry = readdir(files)) != NULL;) {
		size_t length = strlen(entry->d_name);
		char path[400];
		(void)snprintf(path, sizeof path, "%s/%s", dir, entry->d_name);
		if (length > 2 && strcmp(entry->d_name + length - 2, ".c") == 0)
			read_file(path, out);
	}
	(void)closedir(files);
}

static void every_word_is_used(void **state)
{
	(void)state;
	struct text sources = {0};
	cJSON *words = words_built_in();
	const cJSON *word;
	assert_true(cJSON_GetArraySize(words) > 50);
	read_sources("report/chart", &sources);
	read_sources("report/render", &sources);
	read_sources("report/render/fleet", &sources);
	read_sources("report/render/chart", &sources);
	read_sources("report/pdf", &sources);
	assert_true(sources.data != NULL);
	cJSON_ArrayForEach(word, words) {
		char quoted[100];
		if (!sources.data)
			break;
		assert_true(cJSON_IsString(word));
		assert_true(strlen(word->valuestring) <= 400);
		(void)snprintf(quoted, sizeof quoted, "\"%s\"", word->string);
		if (strncmp(word->string, "status.", 7) != 0 && !strstr(sources.data, quoted))
			fail_msg("nothing says \"%s\"", word->string);
	}
	text_release(&sources);
	cJSON_Delete(words);
}

static void placeholders(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	cJSON *words = cJSON_Parse(
			"{\"a\":\"{x} and {y}, {x}\",\"b\":\"no {one}\",\"c\":\"{ {} {X} }\",\"d\":\"\"}");
	assert_string_equal(words_say(arena, words, "a", "x", "1", "y", "2", NULL), "1 and 2, 1");
	assert_string_equal(words_say(arena, words, "a", "x", "{y}", "y", "%s{x}", NULL),
			"{y} and %s{x}, {y}");
	assert_string_equal(words_say(arena, words, "b", "x", "1", NULL), "no ");
	assert_string_equal(words_say(arena, words, "c", NULL), "{ {} {X} }");
	assert_string_equal(words_say(arena, words, "d", NULL), "");
	assert_string_equal(words_say(arena, NULL, "a", NULL), "");
	assert_string_equal(words_status(arena, words_of(NULL), "pass\n"), "pass ");
	cJSON_Delete(words);
	arena_free(arena);
}

static void wrong_files(void **state)
{
	(void)state;
	static const struct {
		const char *json, *error;
	} cases[] = {
			{"{\n\"plan\": \"Plan {load}\",\n}", "d/words.json:3: not valid JSON"},
			{"[]", "d/words.json:1: not valid JSON"},
			{"{} {}", "d/words.json:1: not valid JSON"},
			{"{\n\"plan\": \"a \\\" \\\\\",\n\n\"plann\": \"x\"}",
					"d/words.json:4: there is no text \"plann\""},
			{"{\n\"plan\": 5}", "d/words.json:2: \"plan\" must be a text"},
			{"{\n\"plan\": \"{load}\",\n\"plan\": \"x\"}",
					"d/words.json:3: the text \"plan\" is there twice"},
			{"{\"plan\":\n\"{load} {host}\"}",
					"d/words.json:1: there is no placeholder {host} in this text; the built-in one "
					"is "
					"\"plan {load}\""},
			{"{\"plan\": \"{load\"}",
					"d/words.json:1: after { a placeholder's name and } were expected"},
			{"{\"plan\": \"\xff\"}", "d/words.json:1: the text is not valid UTF-8"},
			{"{\"\\u0070lan\": \"{\"}", "d/words.json:1: after {"},
	};
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct error err = {0};
		cJSON *words = words_built_in();
		assert_false(words_change(words, "d/words.json", cases[i].json, &err));
		if (strncmp(err.text, cases[i].error, strlen(cases[i].error)) != 0)
			fail_msg("%s: \"%s\"", cases[i].json, err.text);
		cJSON_Delete(words);
	}
}

static void too_much(void **state)
{
	(void)state;
	static char json[70000];
	struct error err = {0};
	cJSON *words = words_built_in();
	(void)snprintf(json, sizeof json, "{\"plan\":\"%0401d\"}", 1);
	assert_false(words_change(words, "w", json, &err));
	assert_string_equal(err.text, "w:1: a text may have at most 400 bytes");
	memset(json, ' ', sizeof json - 1);
	assert_false(words_change(words, "w", json, &err));
	assert_string_equal(err.text, "w: larger than 64 KiB");
	cJSON_Delete(words);
}

/* Another language with markup in it: escaped in the drawing, the finding is one text everywhere,
 * and what the file does not have stays. */
static void own_words(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	struct error err = {0};
	struct text document = {0}, svg = {0};
	const struct page_budget budget = {10, 10000, 0};
	const struct theme theme = {.light = {0}};
	cJSON *words = words_built_in();
	assert_true(words_change(words,
			"w",
			"{\"headroom.plan\":\"Plan: {load}\",\"load.rate\":\"{connections} Verbindungen\","
			"\"headroom.finding\":\"</desc><b>{limit}</b>: bis {load}.\","
			"\"headroom.now\":\"{load} jetzt\\nda\"}",
			&err));
	read_file("tests/report/sample-audit.json", &document);
	cJSON *root = cJSON_Parse(document.data);
	assert_true(page_prepare(arena, root, words, &budget, &err));
	const struct canvas *limits = chart_find("headroom")->draw(arena, root, NULL);
	assert_string_equal(limits->finding, view_raw(root, "page.charts.headroom.finding"));
	assert_non_null(strstr(limits->finding,
			"</desc><b>Outgoing ports</b>: bis 10,587 Verbindungen. Next is "));
	svg_write(limits, &theme, &svg);
	assert_non_null(strstr(svg.data, ">Plan: 15,000<"));
	assert_non_null(strstr(svg.data, ">10,587 jetzt da<"));
	assert_non_null(strstr(svg.data, "&lt;/desc&gt;&lt;b&gt;"));
	assert_null(strstr(svg.data, "<b>"));
	text_release(&svg);
	text_release(&document);
	cJSON_Delete(root);
	cJSON_Delete(words);
	arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(every_word_is_used),
			cmocka_unit_test(placeholders),
			cmocka_unit_test(wrong_files),
			cmocka_unit_test(too_much),
			cmocka_unit_test(own_words),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
