/* Writes pages for a terminal: colors, folding to ASCII, and lines that fit the screen. */
#ifndef HEADROOM_REPORT_WRITE_PEN_H
#define HEADROOM_REPORT_WRITE_PEN_H

#include <cjson/cJSON.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/text.h"
#include "report/write/write.h"

/* One page being written. */
struct pen {
	const cJSON *document;
	const struct write_options *options;
	struct arena *arena;
	struct text *out;
};

enum tone {
	TONE_GOOD,
	TONE_BAD,
	TONE_CARE,
	TONE_QUIET,
	TONE_STRONG
};

/* Begin and end an SGR sequence; they write nothing if there is no color. */
void pen_tone(const struct pen *pen, enum tone tone);
void pen_plain(const struct pen *pen);

/* Returns the width of lines: that of the screen, between 40 and 120 columns; 80 if there is no
 * screen. */
size_t pen_width(const struct pen *pen);

/* Returns a cleaned string of the document without the blank before "%", folded to ASCII if the
 * screen needs it. */
const char *pen_text(const struct pen *pen, const cJSON *node, const char *path, size_t max_chars);
const char *pen_fold(const struct pen *pen, const char *text);

/* Writes a paragraph wrapped to the width, with the label in column 2 and the text from column
 * `indent` on. */
void pen_paragraph(const struct pen *pen, const char *label, size_t indent, const char *text);
void pen_line(const struct pen *pen, const char *text);
/* The same with any beginnings: `first` for the first line, `rest` for the others. */
void pen_wrap(const struct pen *pen, const char *first, const char *rest, const char *text);

#endif
