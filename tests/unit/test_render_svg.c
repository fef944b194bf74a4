/* SVG: escaping, coordinates, colors that survive without a style sheet; the theme's checks. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/array.h"
#include "report/chart/chart.h"
#include "report/chart/svg.h"

static void escaping(void **state)
{
	(void)state;
	static const struct {
		const char *text, *expected;
	} cases[] = {
			{"a<b>&\"c'", "a&lt;b&gt;&amp;&quot;c'"},
			{"]]>-->", "]]&gt;--&gt;"},
			{"\x1b[31m", "\xEF\xBF\xBD[31m"},
			{"\xC3\xA9", "\xC3\xA9"},
	};
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct text out = {0};
		svg_escape(cases[i].text, &out);
		assert_string_equal(out.data, cases[i].expected);
		text_release(&out);
	}
}

static void coordinates(void **state)
{
	(void)state;
	static const struct {
		double value;
		const char *expected;
	} cases[] = {
			{0, "0"},
			{1, "1"},
			{-1.5, "-1.5"},
			{0.04, "0"},
			{-0.04, "0"},
			{12.36, "12.4"},
			{12.04, "12"},
			{99.99, "100"},
			{(double)INFINITY, "0"},
			{(double)NAN, "0"},
			{1e300, "0"},
	};
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct text out = {0};
		svg_number(cases[i].value, &out);
		assert_string_equal(out.data, cases[i].expected);
		text_release(&out);
	}
}

static void drawing(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	struct theme theme = {.light = {[COLOR_FAIL] = 0x9b1c1c, [COLOR_BG] = 0xffffff}};
	struct canvas *canvas = canvas_new(arena, "c", 100, 50);
	canvas->title = "A <title>";
	canvas->finding = "5 < 6";
	canvas_rect(canvas, 1, 2, 3.25, 4, COLOR_FAIL);
	canvas_text(canvas, 5, 6, 13, ANCHOR_END, COLOR_FAIL, "<b>")->halo = true;
	struct text out = {0};
	svg_write(canvas, &theme, &out);
	static const char *const parts[] = {
			"role=\"img\" aria-labelledby=\"c-title\" aria-describedby=\"c-desc\"",
			"<title id=\"c-title\">A &lt;title&gt;</title><desc id=\"c-desc\">5 &lt; 6</desc>",
			"<path d=\"M1 2H4.3V6H1z\" class=\"f-fail\" fill=\"#9b1c1c\"/>",
			"text-anchor=\"end\" paint-order=\"stroke\"",
			"stroke=\"#ffffff\"",
			">&lt;b&gt;</text>",
	};
	for (size_t i = 0; i < COUNT_OF(parts); i++)
		if (!strstr(out.data, parts[i]))
			fail_msg("%s is not in %s", parts[i], out.data);
	text_release(&out);
	arena_free(arena);
}

/* Every status has a shape of its own: colors alone do not tell. */
static void shapes_differ(void **state)
{
	(void)state;
	static const enum status statuses[] = {STATUS_PASS,
			STATUS_WARN,
			STATUS_FAIL,
			STATUS_UNKNOWN,
			STATUS_NOT_APPLICABLE};
	enum {
		STATUSES = COUNT_OF(statuses)
	};
	struct arena *arena = arena_new();
	const struct theme theme = {.light = {0}};
	const char *drawn[STATUSES];
	for (size_t i = 0; i < STATUSES; i++) {
		struct canvas *canvas = canvas_new(arena, "m", 12, 12);
		struct text out = {0};
		canvas_mark(canvas, 6, 6, 11, statuses[i], COLOR_INK);
		svg_write(canvas, &theme, &out);
		drawn[i] = text_take(arena, &out);
		for (size_t j = 0; j < i; j++)
			assert_string_not_equal(drawn[i], drawn[j]);
	}
	arena_free(arena);
}

/* Charts of documents that lack everything, and of absurd numbers, are still drawings. */
static void charts_survive_anything(void **state)
{
	(void)state;
	static const char *const documents[] = {
			"{}",
			"[]",
			"{\"page\":{\"charts\":{\"headroom\":{\"rows\":[{},{"
			"\"multiple\":1e300,\"multiple_after\":-5},{\"best\":1e-300}]}}}}",
			"{\"timeline\":{\"t\":[0,0],\"series\":{\"use\":{\"a\":[1e300,-5],\"b\":[null,\"x\"]}}}"
			",\"target_utilization\":9}",
			"{\"plan\":{\"connections\":\"unlimited\"},\"page\":{\"charts\":{"
			"\"headroom\":{\"rows\":["
			"{\"title\":\"t\","
			"\"status\":\"pass\",\"max_safe\":{\"connections\":\"unlimited\"}}]},\"ports\":{"
			"\"rows\":["
			"{\"first\":-1e9,\"last\":1e9,\"note\":\"range\"},{\"first\":5,\"note\":\"inside\","
			"\"title\":\"x\"}]}}}}",
			"{\"timeline\":{\"t\":[0,1e300],\"series\":{\"use\":{\"a\":[0,1e-300]}}},\"breaks\":{"
			"\"at_s\":-3}}",
	};
	const struct theme theme = {.light = {0}};
	for (size_t i = 0; i < COUNT_OF(documents); i++)
		for (size_t j = 0; j < chart_row_count; j++) {
			struct arena *arena = arena_new();
			cJSON *root = cJSON_Parse(documents[i]);
			struct text out = {0};
			svg_write(chart_rows[j].draw(arena, root, root), &theme, &out);
			assert_null(strstr(out.data, "nan"));
			assert_null(strstr(out.data, "inf"));
			text_release(&out);
			cJSON_Delete(root);
			arena_free(arena);
		}
}

static void themes(void **state)
{
	(void)state;
	struct theme theme;
	struct error err = {0};
	assert_false(theme_read(&theme, "theme.json", "{", &err));
	assert_non_null(strstr(err.text, "theme.json"));
	assert_false(
			theme_read(&theme, "theme.json", "{\"colors\":{\"bg\":[\"#ffffff\",\"red\"]}}", &err));
	assert_non_null(strstr(err.text, "colors.bg"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(escaping),
			cmocka_unit_test(coordinates),
			cmocka_unit_test(drawing),
			cmocka_unit_test(shapes_differ),
			cmocka_unit_test(charts_survive_anything),
			cmocka_unit_test(themes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
