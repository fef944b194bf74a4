/* Breaking a flow into pages, and the built-in theme: contrast that people can read. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/array.h"
#include "base/embed.h"
#include "report/pdf/sheet.h"

/* A page is 100 high. Letters: a 30 high box; h: 20 high, stays with the next; T: 20 high head of a
 * table; r: 30 high row of that table; ( and ): structure without height. */
static const struct {
	const char *boxes, *pages;
} cases[] = {
		{"a", "0"},
		{"aaa", "000"},
		{"aaaa", "0001"},
		{"aaah", "0001"},
		{"aah", "000"},
		{"aaha", "0011"},
		{"aahha", "00111"},
		{"(aaa)a", "000001"},
		{"Trrr", "0001"},
		{"aaTr", "0011"},
};

static struct box box_of(char letter)
{
	static const struct canvas canvas;
	struct box box = {.kind = BOX_CANVAS,
			.canvas = &canvas,
			.height = letter == 'h' || letter == 'T' ? 20 : 30};
	box.keep_next = letter == 'h' || letter == 'T';
	box.head = letter == 'r' ? 1 : 0;
	if (letter == '(' || letter == ')')
		box = (struct box){.kind = letter == '(' ? BOX_OPEN : BOX_CLOSE};
	return box;
}

static void pages(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct arena *arena = arena_new();
		struct flow flow = {.arena = arena};
		size_t head = 0;
		for (const char *at = cases[i].boxes; *at; at++) {
			struct box box = box_of(*at);
			if (*at == 'T')
				head = flow.count + 1;
			box.head = *at == 'r' ? head : 0;
			flow_add(&flow, box);
		}
		struct sheets sheets = {.arena = arena, .flow = &flow, .top = 0, .bottom = 100};
		sheets_place(&sheets);
		char got[32] = "";
		size_t repeated = 0;
		for (size_t j = 0; j < sheets.count; j++) {
			if (sheets.items[j].repeated)
				repeated++;
			else
				got[j - repeated] = (char)('0' + sheets.items[j].page);
			assert_true(sheets.items[j].y + sheets.items[j].height <= 100);
		}
		if (strcmp(got, cases[i].pages) != 0)
			fail_msg("%s: pages %s instead of %s", cases[i].boxes, got, cases[i].pages);
		assert_int_equal(repeated, strcmp(cases[i].boxes, "Trrr") == 0);
		arena_free(arena);
	}
}

/* WCAG 2.1, relative luminance and contrast ratio. */
static double luminance(unsigned rgb)
{
	const double weights[] = {0.2126, 0.7152, 0.0722};
	double sum = 0;
	for (unsigned i = 0; i < 3; i++) {
		double share = (rgb >> (16 - 8 * i) & 0xff) / 255.0;
		sum += weights[i] * (share <= 0.03928 ? share / 12.92 : pow((share + 0.055) / 1.055, 2.4));
	}
	return sum;
}

static double contrast(unsigned a, unsigned b)
{
	double first = luminance(a), second = luminance(b);
	return (fmax(first, second) + 0.05) / (fmin(first, second) + 0.05);
}

static void colors_can_be_read(void **state)
{
	(void)state;
	static const enum color letters[] =
			{COLOR_INK, COLOR_INK2, COLOR_PASS, COLOR_WARN, COLOR_FAIL, COLOR_S1};
	const struct embedded_file *file = embedded_files;
	while (file->path && strcmp(file->path, "templates/theme.json") != 0)
		file++;
	assert_non_null(file->path);
	struct theme theme;
	struct error err = {0};
	if (!theme_read(&theme, file->path, (const char *)file->bytes, &err))
		fail_msg("%s", err.text);
	for (size_t i = 0; i < COUNT_OF(letters); i++) {
		assert_true(contrast(theme.light[letters[i]], theme.light[COLOR_BG]) >= 4.5);
		assert_true(contrast(theme.light[letters[i]], theme.light[COLOR_PANEL]) >= 4.5);
		assert_true(contrast(theme.dark[letters[i]], theme.dark[COLOR_BG]) >= 4.5);
		assert_true(contrast(theme.dark[letters[i]], theme.dark[COLOR_PANEL]) >= 4.5);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(pages),
			cmocka_unit_test(colors_can_be_read)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
