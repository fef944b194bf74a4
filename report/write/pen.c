#include "report/write/pen.h"

#include <string.h>

#include "report/document/view.h"
#include "report/write/columns.h"
#include "report/write/script.h"

static const char *const tones[] = {
		[TONE_GOOD] = "\033[32m",
		[TONE_BAD] = "\033[31m",
		[TONE_CARE] = "\033[33m",
		[TONE_QUIET] = "\033[2m",
		[TONE_STRONG] = "\033[1m",
};

void pen_tone(const struct pen *pen, enum tone tone)
{
	if (pen->options->color)
		text_add(pen->out, tones[tone]);
}

void pen_plain(const struct pen *pen)
{
	if (pen->options->color)
		text_add(pen->out, "\033[0m");
}

size_t pen_width(const struct pen *pen)
{
	return script_width(pen->options);
}

const char *pen_fold(const struct pen *pen, const char *text)
{
	if (pen->options->ascii)
		return columns_to_ascii(pen->arena, text);
	return text;
}

const char *pen_text(const struct pen *pen, const cJSON *node, const char *path, size_t max_chars)
{
	return pen_fold(pen, view_text(pen->arena, node, path, max_chars));
}

void pen_wrap(const struct pen *pen, const char *first, const char *rest, const char *text)
{
	const char *folded = pen_fold(pen, text);
	size_t width = pen_width(pen);
	columns_wrap(pen->out, first, rest, folded, width);
}

void pen_line(const struct pen *pen, const char *text)
{
	pen_wrap(pen, "  ", "  ", text);
}

void pen_paragraph(const struct pen *pen, const char *label, size_t indent, const char *text)
{
	struct text first = {0};
	text_add(&first, "  ");
	columns_left(&first, label, indent - 2);
	char *rest = arena_alloc(pen->arena, indent + 1);
	memset(rest, ' ', indent);
	pen_wrap(pen, first.data, rest, text);
	text_release(&first);
}
