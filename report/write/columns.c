/* Terminal columns of UTF-8 text. The width table is the East Asian Wide and Fullwidth blocks of
 * Unicode's EastAsianWidth.txt and the combining blocks, coarse on purpose; it is not wcwidth(),
 * which would depend on the locale. */
#include "report/write/columns.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/array.h"
#include "base/utf8.h"

struct width_range {
	uint32_t first, last;
	size_t width;
};

/* In order. */
static const struct width_range width_ranges[] = {
		{0x0300, 0x036f, 0},
		{0x0483, 0x0489, 0},
		{0x0591, 0x05bd, 0},
		{0x0610, 0x061a, 0},
		{0x064b, 0x065f, 0},
		{0x1100, 0x115f, 2},
		{0x1ab0, 0x1aff, 0},
		{0x1dc0, 0x1dff, 0},
		{0x20d0, 0x20ff, 0},
		{0x231a, 0x231b, 2},
		{0x23e9, 0x23f3, 2},
		{0x2614, 0x2615, 2},
		{0x2e80, 0x303e, 2},
		{0x3041, 0x33ff, 2},
		{0x3400, 0x4dbf, 2},
		{0x4e00, 0xa4cf, 2},
		{0xa960, 0xa97f, 2},
		{0xac00, 0xd7a3, 2},
		{0xf900, 0xfaff, 2},
		{0xfe00, 0xfe0f, 0},
		{0xfe20, 0xfe2f, 0},
		{0xfe30, 0xfe6f, 2},
		{0xff00, 0xff60, 2},
		{0xffe0, 0xffe6, 2},
		{0x1f300, 0x1f64f, 2},
		{0x1f680, 0x1f6ff, 2},
		{0x1f900, 0x1f9ff, 2},
		{0x20000, 0x3fffd, 2},
		{0xe0100, 0xe01ef, 0},
};

struct fold_row {
	const char *from, *to;
};

static const struct fold_row folds[] = {
		{"✓", "+"},
		{"✗", "x"},
		{"·", "-"},
		{"…", "~"},
		{"–", "-"},
		{"—", "-"},
		{"−", "-"},
		{"×", "x"},
		{"÷", "/"},
		{"≤", "<="},
		{"≥", ">="},
		{"≠", "!="},
		{"→", "->"},
		{"⌈", "ceil("},
		{"⌉", ")"},
		{"“", "\""},
		{"”", "\""},
		{"‘", "'"},
		{"’", "'"},
		{"∞", "unlimited"},
		{"\u00a0", " "},
		{"\u202f", " "},
		{"∖", "\\"},
		{"∪", "+"},
		{"µ", "u"},
		{"§", "section "},
		{"•", "*"},
};

static size_t columns_width_of(uint32_t code)
{
	for (size_t i = 0; i < COUNT_OF(width_ranges); i++) {
		if (code < width_ranges[i].first)
			return 1;
		if (code <= width_ranges[i].last)
			return width_ranges[i].width;
	}
	return 1;
}

/* How many bytes of text fit into `width` columns; their columns in *ret_columns. */
static size_t columns_fitting(const char *text, size_t length, size_t width, size_t *ret_columns)
{
	size_t used = 0, columns = 0;
	while (used < length) {
		uint32_t code;
		size_t bytes = utf8_next(text + used, length - used, &code);
		size_t wide = columns_width_of(code);
		if (columns + wide > width)
			break;
		used += bytes;
		columns += wide;
	}
	*ret_columns = columns;
	return used;
}

size_t columns_of(const char *text)
{
	size_t columns;
	(void)columns_fitting(text, strlen(text), SIZE_MAX, &columns);
	return columns;
}

static void blanks(struct text *out, size_t count)
{
	while (count--)
		text_add_bytes(out, " ", 1);
}

static void aligned(struct text *out, const char *text, size_t width, bool right)
{
	size_t columns, length = strlen(text);
	size_t fits = columns_fitting(text, length, width, &columns);
	bool cut = fits < length;
	if (cut)
		fits = columns_fitting(text, length, width - 1, &columns);
	size_t used = columns + cut;
	if (right)
		blanks(out, width - used);
	text_add_bytes(out, text, fits);
	if (cut)
		text_add(out, "…");
	if (!right)
		blanks(out, width - used);
}

void columns_left(struct text *out, const char *text, size_t width)
{
	aligned(out, text, width, false);
}

void columns_right(struct text *out, const char *text, size_t width)
{
	aligned(out, text, width, true);
}

/* A paragraph being broken into lines. */
struct wrapper {
	struct text *out;
	const char *rest; /* begins the lines after the first */
	size_t width, at; /* usable columns, current column */
};

static void columns_next_line(struct wrapper *wrap)
{
	text_addf(wrap->out, "\n%s", wrap->rest);
	wrap->at = columns_of(wrap->rest);
}

/* "60 s", "12.5 GiB": a number stays with its unit. */
static bool glued(const char *word, size_t length)
{
	static const char *const units[] =
			{"s", "ms", "min", "h", "%", "B", "KiB", "MiB", "GiB", "TiB"};
	const char *after = word + length + 1;
	if (!length || word[length] != ' ' || word[length - 1] < '0' || word[length - 1] > '9')
		return false;
	size_t unit = strcspn(after, " ,;:.)");
	for (size_t i = 0; i < COUNT_OF(units); i++) {
		if (strlen(units[i]) == unit && !memcmp(units[i], after, unit))
			return true;
	}
	return false;
}

static size_t prose_word(const char *text)
{
	size_t length = strcspn(text, " ");
	while (glued(text, length))
		length += 1 + strcspn(text + length + 1, " ");
	return length;
}

static void wrap_words(struct wrapper *wrap, const char *first, const char *text)
{
	bool begin = true;
	wrap->at = columns_of(first);
	text_add(wrap->out, first);
	while (*text) {
		size_t length = prose_word(text), columns;
		(void)columns_fitting(text, length, SIZE_MAX, &columns);
		if (length && !begin && wrap->at + 1 + columns <= wrap->width) {
			text_add(wrap->out, " ");
			wrap->at++;
		} else if (length && !begin) {
			columns_next_line(wrap);
		}
		text_add_bytes(wrap->out, text, length);
		wrap->at += columns;
		begin = begin && !length;
		text += length + (text[length] == ' ');
	}
	text_add(wrap->out, "\n");
}

void columns_wrap(struct text *out,
		const char *first,
		const char *rest,
		const char *text,
		size_t width)
{
	struct wrapper wrap = {out, rest, width, 0};
	wrap_words(&wrap, first, text);
}

static const char *folded(const char *text, size_t length)
{
	for (size_t i = 0; i < COUNT_OF(folds); i++) {
		if (strlen(folds[i].from) == length && !memcmp(folds[i].from, text, length))
			return folds[i].to;
	}
	return "?";
}

const char *columns_to_ascii(struct arena *arena, const char *text)
{
	struct text out = {0};
	while (*text) {
		uint32_t code;
		size_t length = utf8_next(text, strnlen(text, UTF8_MAX), &code);
		if (code < 0x80)
			text_add_bytes(&out, text, 1);
		else
			text_add(&out, folded(text, length));
		text += length;
	}
	return text_take(arena, &out);
}
