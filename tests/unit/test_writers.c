/* The core's writers over the sample documents: what must be there, what must never be. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/array.h"
#include "base/os/json.h"
#include "report/document/view.h"
#include "report/write/columns.h"
#include "report/write/command.h"
#include "report/write/write.h"

static const char *const samples[] = {
		"tests/report/sample-audit.json",
		"tests/report/pass-audit.json",
		"tests/report/unknown-audit.json",
		"tests/report/none-audit.json",
		"tests/report/hostile-audit.json",
};
enum {
	SAMPLES = COUNT_OF(samples)
};

static struct arena *arena;

static int begin(void **state)
{
	(void)state;
	arena = arena_new();
	return 0;
}

static int end(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

static struct json *read_sample(const char *path)
{
	struct error err = {0};
	struct json *json = json_read_file(path, &err);
	if (!json)
		fail_msg("%s", err.text);
	return json;
}

static const char *rendered(const cJSON *document, write_fn *writer, bool all, bool ascii)
{
	struct text out = {0};
	const struct write_options options = {.arena = arena, .all = all, .ascii = ascii};
	writer(document, &options, &out);
	return text_take(arena, &out);
}

static const char *sample(const char *path, write_fn *writer)
{
	struct json *json = read_sample(path);
	const char *text = rendered(json_root(json), writer, false, false);
	json_free(json);
	return text;
}

struct part {
	const char *path;
	write_fn *writer;
	const char *text;
};

static const struct part parts[] = {
		{"tests/report/sample-audit.json",
				write_terminal,
				"✗ FAIL · 3 warnings  Do not start this test"},
		{"tests/report/sample-audit.json",
				write_terminal,
				"\n  ✗  Outgoing ports             30,000     28,232    106%"
				"     10,587\n"},
		{"tests/report/sample-audit.json",
				write_terminal,
				"Safe up to     10,587 connections, 176 new/s (70.6% of the plan)"},
		{"tests/report/sample-audit.json",
				write_terminal,
				"\nheadroom: FAIL ephemeral-ports 106% safe=10587"},
		{"tests/report/unknown-audit.json",
				write_terminal,
				"\nheadroom: UNKNOWN system-fds,conntrack\n"},
		{"tests/report/none-audit.json", write_terminal, "\nheadroom: AUDIT no plan"},
		{"tests/report/none-audit.json", write_terminal, "21,174"},
		{"tests/report/sample-audit.json",
				write_junit,
				"<testcase classname=\"headroom.ephemeral-ports\""},
		{"tests/report/sample-audit.json",
				write_junit,
				"<failure type=\"headroom\" message=\"Outgoing ports: 30,000 needed"},
		{"tests/report/unknown-audit.json", write_junit, "<error type=\"headroom\" message=\""},
		{"tests/report/sample-audit.json", write_junit, "WARNING: "},
		{"tests/report/sample-audit.json",
				write_github,
				"::error title=headroom ephemeral-ports::Outgoing ports: 30,000"},
		{"tests/report/sample-audit.json",
				write_markdown,
				"| ✗ fail | Outgoing ports | 30,000 | 28,232 | 106% | 10,587 |"},
		{"tests/report/sample-audit.json",
				write_markdown,
				"```sh\nsysctl -w net.ipv4.tcp_tw_reuse=1\n```"},
		{"tests/report/sample-audit.json",
				write_markdown,
				"**✗ headroom: FAIL · 3 warnings**\n\n**No. The test would break after 113 s; "},
		{"tests/report/sample-audit.json",
				write_markdown,
				"\n| Breaks at | 14,116 connections, 235 new/s (94.1% of the plan), 113 s into "
				"the plan |"},
		{"tests/report/sample-audit.json",
				write_markdown,
				"\nDo not apply: Accept queue, SYN backlog, Erlang ports"},
		{"tests/report/sample-audit.json",
				write_markdown,
				"** (changes the test): safe up to 15,003 connections, 102 new/s; the plan fits\n\n"
				"Keep connections longer\n"},
		{"tests/report/sample-audit.json",
				write_junit,
				"<skipped message=\"on_link_peers was not given"},
		{"tests/report/sample-audit.json", write_json, "\"schema\":\t\"headroom.audit/1\""},
};

static void the_parts_are_there(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(parts); i++) {
		const char *text = sample(parts[i].path, parts[i].writer);
		if (!strstr(text, parts[i].text))
			fail_msg("%s: no \"%s\" in:\n%s", parts[i].path, parts[i].text, text);
	}
}

/* A word has no place where it could be broken; a shell's word may have blanks in quotes. */
static bool is_one_word(const char *line)
{
	line += strspn(line, " 0123456789");
	return !strchr(line, ' ') || strchr(line, '\'');
}

static void check_page(const char *path, const char *page, bool ascii)
{
	assert_true(text_is_utf8(page, strlen(page)));
	for (const char *at = page; *at;) {
		size_t length = strcspn(at, "\n");
		const char *line = arena_copy(arena, at, length);
		if (columns_of(line) > 80 && !is_one_word(line))
			fail_msg("%s: %zu columns: %s", path, columns_of(line), line);
		for (size_t i = 0; i < length; i++) {
			unsigned char c = (unsigned char)line[i];
			if (c < ' ' || c == 0x7f || (ascii && c >= 0x80))
				fail_msg("%s: byte %#x in: %s", path, c, line);
		}
		at += length + 1;
	}
}

static void the_terminal_view_keeps_its_width(void **state)
{
	(void)state;
	for (size_t i = 0; i < SAMPLES; i++) {
		struct json *json = read_sample(samples[i]);
		for (unsigned mode = 0; mode < 4; mode++)
			check_page(samples[i],
					rendered(json_root(json), write_terminal, mode & 1, mode & 2),
					mode & 2);
		json_free(json);
	}
}

/* A hostile document brings in neither markup nor commands nor further annotations. */
static void nothing_hostile_comes_through(void **state)
{
	(void)state;
	const char *path = "tests/report/hostile-audit.json";
	static const char *const tags[] = {"<script", "<img", "<b>"};
	const char *junit = sample(path, write_junit), *markdown = sample(path, write_markdown);
	const char *github = sample(path, write_github);
	for (size_t i = 0; i < COUNT_OF(tags); i++)
		assert_null(strstr(junit, tags[i]));
	/* Inside a code block a tag is text: look at the lines outside. */
	bool code = false;
	for (const char *at = markdown; *at;) {
		size_t length = strcspn(at, "\n");
		const char *line = arena_copy(arena, at, length);
		code ^= !strncmp(line, "```", 3);
		if (!code && strstr(line, "<script"))
			fail_msg("%s", line);
		at += length + (at[length] == '\n');
	}
	for (const char *at = github; *at;) {
		size_t length = strcspn(at, "\n");
		if (strncmp(at, "::error ", 8) && strncmp(at, "::warning ", 10) &&
				strncmp(at, "::notice ", 9))
			fail_msg("not an annotation: %.*s", (int)length, at);
		at += length + (at[length] == '\n');
	}
}

static const char *const broken[] = {
		"{}",
		"[]",
		"1",
		"null",
		"\"x\"",
		"{\"resources\":[1,null,\"x\",{}]}",
		"{\"verdict\":\"fail\"}",
		"{\"verdict\":\"fail\",\"resources\":[{\"status\":\"fail\",\"utilization\":\"unlimited\"}]"
		"}",
		"{\"verdict\":\"none\",\"holds\":[{},1,{\"max_safe\":\"unlimited\",\"fix_commands\":{}}]}",
		"{\"verdict\":\"pass\",\"binding\":{},\"max_safe\":{\"connections\":9e15,\"open_rate_per_"
		"s\":-9e15}}",
		"{\"fixes\":[{\"in_ladder\":true,\"command\":\"a\\n\\n\\\"b\"},{\"persistent\":[1]}],"
		"\"findings\":[[]]}",
		"{\"verdict\":\"fail\",\"binding\":{\"resource\":\"x\"},\"resources\":[{\"id\":\"x\","
		"\"unit\":5,\"title\":[]}]}",
		"{\"coverage\":{\"not_visible\":[1,{}],\"not_judged\":[null]},\"assumptions\":[1,{"
		"\"value\":true}]}",
};

static void broken_documents_break_nothing(void **state)
{
	(void)state;
	static write_fn *const writers[] = {write_terminal,
			write_markdown,
			write_junit,
			write_github,
			write_json};
	for (size_t i = 0; i < COUNT_OF(broken); i++) {
		struct error err = {0};
		struct json *json = json_read("broken", broken[i], strlen(broken[i]), &err);
		if (!json)
			fail_msg("%s", err.text);
		for (size_t k = 0; k < COUNT_OF(writers); k++)
			(void)rendered(json_root(json), writers[k], true, k & 1);
		check_page(broken[i], rendered(json_root(json), write_terminal, true, false), false);
		json_free(json);
	}
}

struct wrapped {
	const char *text, *expected;
	size_t width;
};

static const struct wrapped wrapped[] = {
		{"", "-\n", 10},
		{"a b", "-a b\n", 10},
		{"aaaa bbbb cccc", "-aaaa bbbb\n=cccc\n", 10},
		{"at most 60 s of it", "-at most\n=60 s of it\n", 12},
		{"abcdefghijklmnop", "-abcdefghijklmnop\n", 10},
		{"漢字漢字漢字", "-漢字漢字漢字\n", 10},
		{"a abcdefghijklmnop b", "-a\n=abcdefghijklmnop\n=b\n", 10},
		{"x  y", "-x y\n", 10},
};

static void words_are_wrapped(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(wrapped); i++) {
		struct text out = {0};
		columns_wrap(&out, "-", "=", wrapped[i].text, wrapped[i].width);
		assert_string_equal(out.data, wrapped[i].expected);
		text_release(&out);
	}
}

static void commands_are_folded(void **state)
{
	static const struct {
		const char *lines, *folded;
	} rows[] = {
			{"echo \"a b c\" 'd e' f", "echo \"a b c\" \\\n   'd e' f"},
			{"a 'it'\\''s so'", "a 'it'\\''s so'"},
			{"run -e A=12 -e B=12", "run -e A=12 \\\n   -e B=12"},
			{"run -e 1234567890123456789", "run -e \\\n   1234567890123456789"},
			{"first\nsecond of three\n", "first\n second of \\\n   three"},
			{"ends 'with\\' two", "ends 'with\\' \\\n   two"},
			{"", ""},
	};
	struct arena *room = arena_new();
	const struct command_place place = {" ", 0, 15};
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		assert_string_equal(command_fold(room, rows[i].lines, &place), rows[i].folded);
	arena_free(room);
}

static void columns_are_counted(void **state)
{
	(void)state;
	assert_int_equal(columns_of("abc"), 3);
	assert_int_equal(columns_of("漢字"), 4);
	assert_int_equal(columns_of("e\u0301"), 1);
	assert_int_equal(columns_of("😀"), 2);
	assert_int_equal(columns_of("–×…"), 3);
	struct text out = {0};
	columns_left(&out, "漢字漢", 5);
	assert_string_equal(out.data, "漢字…");
	text_clear(&out);
	columns_right(&out, "12", 5);
	assert_string_equal(out.data, "   12");
	text_release(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test_setup_teardown(the_parts_are_there, begin, end),
			cmocka_unit_test_setup_teardown(the_terminal_view_keeps_its_width, begin, end),
			cmocka_unit_test_setup_teardown(nothing_hostile_comes_through, begin, end),
			cmocka_unit_test_setup_teardown(broken_documents_break_nothing, begin, end),
			cmocka_unit_test_setup_teardown(words_are_wrapped, begin, end),
			cmocka_unit_test_setup_teardown(commands_are_folded, begin, end),
			cmocka_unit_test_setup_teardown(columns_are_counted, begin, end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
