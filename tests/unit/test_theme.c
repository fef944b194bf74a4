/* theme.json as built in: contrast by WCAG 2.2, light and dark; and what a user's theme may change.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/array.h"
#include "base/embed.h"
#include "report/chart/theme.h"

static struct arena *arena;
static struct theme theme;

static int begin(void **state)
{
	(void)state;
	arena = arena_new();
	for (size_t i = 0; i < embedded_count; i++) {
		struct error err = {0};
		const struct embedded_file *file = &embedded_files[i];
		if (strcmp(file->path, "templates/theme.json") == 0 &&
				theme_read(&theme,
						"theme.json",
						arena_copy(arena, (const char *)file->bytes, file->size),
						&err))
			return 0;
	}
	return 1;
}

static int end(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

/* WCAG 2.2, definition of relative luminance. */
static double channel(unsigned byte)
{
	double c = byte / 255.0;
	return c <= 0.04045 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4);
}

static double luminance(unsigned rgb)
{
	return 0.2126 * channel(rgb >> 16 & 0xff) + 0.7152 * channel(rgb >> 8 & 0xff) +
			0.0722 * channel(rgb & 0xff);
}

static double contrast(unsigned a, unsigned b)
{
	double x = luminance(a), y = luminance(b);
	return (fmax(x, y) + 0.05) / (fmin(x, y) + 0.05);
}

static void the_formula_is_right(void **state)
{
	(void)state;
	assert_int_equal(lround(10 * contrast(0x000000, 0xffffff)), 210);
	assert_int_equal(lround(100 * contrast(0x767676, 0xffffff)), 454);
}

/* 4.5:1 for text (1.4.3), 3:1 for shapes that carry meaning (1.4.11). */
static void tokens_can_be_read(void **state)
{
	(void)state;
	static const struct {
		enum color on, under;
		double least;
	} pairs[] = {
			{COLOR_INK, COLOR_BG, 7},
			{COLOR_INK, COLOR_PANEL, 7},
			{COLOR_INK, COLOR_BAND, 7},
			{COLOR_INK, COLOR_BAND2, 7},
			{COLOR_INK2, COLOR_BG, 4.5},
			{COLOR_INK2, COLOR_PANEL, 4.5},
			{COLOR_INK2, COLOR_BAND, 4.5},
			{COLOR_PASS, COLOR_BG, 4.5},
			{COLOR_PASS, COLOR_PANEL, 4.5},
			{COLOR_WARN, COLOR_BG, 4.5},
			{COLOR_WARN, COLOR_PANEL, 4.5},
			{COLOR_FAIL, COLOR_BG, 4.5},
			{COLOR_FAIL, COLOR_PANEL, 4.5},
			{COLOR_S1, COLOR_BG, 4.5},
			{COLOR_S1, COLOR_PANEL, 4.5},
			{COLOR_S1, COLOR_BAND, 4.5},
			/* What is written on a colored ground: the badge, the port map. */
			{COLOR_BG, COLOR_PASS, 4.5},
			{COLOR_BG, COLOR_WARN, 4.5},
			{COLOR_BG, COLOR_FAIL, 4.5},
			{COLOR_BG, COLOR_S1, 4.5},
			{COLOR_S4, COLOR_BG, 3},
			{COLOR_S4, COLOR_PANEL, 3},
			/* A fill with an outline in ink. */
			{COLOR_INK, COLOR_S2, 3},
	};
	const unsigned *const sides[] = {theme.light, theme.dark};
	for (size_t i = 0; i < COUNT_OF(pairs); i++)
		for (size_t side = 0; side < 2; side++) {
			double got = contrast(sides[side][pairs[i].on], sides[side][pairs[i].under]);
			if (got < pairs[i].least)
				fail_msg("%s on %s, %s: %.2f, at least %.1f is needed",
						color_names[pairs[i].on],
						color_names[pairs[i].under],
						side ? "dark" : "light",
						got,
						pairs[i].least);
		}
}

static void a_user_changes_some(void **state)
{
	(void)state;
	struct theme mine = theme;
	struct error err = {0};
	assert_true(theme_change(&mine,
			"t",
			"{\"colors\":{\"pass\":[\"#123456\",\"#ABCDEF\"]},"
			"\"pdf\":{\"margin\":60}}",
			&err));
	assert_int_equal(mine.light[COLOR_PASS], 0x123456);
	assert_int_equal(mine.dark[COLOR_PASS], 0xabcdef);
	assert_int_equal(mine.light[COLOR_FAIL], theme.light[COLOR_FAIL]);
	assert_true(theme_change(&mine,
			"d/e/theme.json",
			"{\"fonts\":{\"sans\":{\"family\":\"In\",\"regular\":\"r.ttf\","
			"\"bold\":\"/usr/share/fonts/b.ttf\"}}}",
			&err));
	assert_string_equal(mine.sans.regular, "d/e/r.ttf");
	assert_string_equal(mine.sans.bold, "/usr/share/fonts/b.ttf");
	assert_true(mine.pdf.margin >= 60 && mine.pdf.margin <= 60 && mine.pdf.body >= theme.pdf.body);
}

static void errors_say_where(void **state)
{
	(void)state;
	static const struct {
		const char *json, *words;
	} cases[] = {
			{"{\n\"colors\":{\n\"pass\"}}", "dir/theme.json:3: not valid JSON"},
			{"{} x", "dir/theme.json:1: not valid JSON"},
			{"[]", "not valid JSON"},
			{"{\"colors\":{\"pas\":[\"#123456\",\"#123456\"]}}", "no member \"pas\" in colors"},
			{"{\"color\":{}}", "no member \"color\""},
			{"{\"colors\":{\"pass\":[\"#123456\"]}}", "colors.pass must be two colors"},
			{"{\"colors\":{\"pass\":[\"red\",\"#123456\"]}}", "colors.pass must be two colors"},
			{"{\"pdf\":{\"margin\":1e9}}", "pdf.margin must be a number of points from 10 to 140"},
			{"{\"pdf\":{\"margin\":\"60\"}}", "pdf.margin must be"},
			{"{\"fonts\":{\"sans\":{\"family\":\"a}b\"}}}", "fonts.sans.family must be a name"},
			{"{\"fonts\":{\"serif\":{}}}", "no member \"serif\" in fonts"},
			{"{\"fonts\":{\"sans\":{\"family\":\"A\",\"file\":\"x\"}}}",
					"no member \"file\" in fonts.sans"},
			{"{\"fonts\":{\"mono\":{\"family\":\"A\",\"bold\":\"x\"}}}",
					"fonts.mono needs the names of its files"},
			{"{\"fonts\":{\"mono\":{\"family\":\"A\",\"regular\":\"/etc/shadow\"}}}",
					"\"/etc/shadow\" is neither a name of a file beside it nor a path below"},
			{"{\"fonts\":{\"mono\":{\"family\":\"A\",\"regular\":\"../x.ttf\"}}}", "is neither"},
			{"{\"fonts\":{\"mono\":{\"family\":\"A\",\"regular\":\"/usr/share/fonts/../../x\"}}}",
					"is neither"},
	};
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct theme mine = theme;
		struct error err = {0};
		assert_false(theme_change(&mine, "dir/theme.json", cases[i].json, &err));
		if (!strstr(err.text, cases[i].words))
			fail_msg("%s: \"%s\" lacks \"%s\"", cases[i].json, err.text, cases[i].words);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(the_formula_is_right),
			cmocka_unit_test(tokens_can_be_read),
			cmocka_unit_test(a_user_changes_some),
			cmocka_unit_test(errors_say_where),
	};
	return cmocka_run_group_tests(tests, begin, end);
}
