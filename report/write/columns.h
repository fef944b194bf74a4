/* Text in terminal columns: the width of UTF-8 text, padding, cutting, wrapping, and folding to
 * ASCII. Knows nothing about the document. The input must be valid UTF-8 (text_clean). */
#ifndef HEADROOM_REPORT_WRITE_COLUMNS_H
#define HEADROOM_REPORT_WRITE_COLUMNS_H

#include <stddef.h>

#include "base/arena.h"
#include "base/text.h"

/* Returns the display columns: 2 for a wide character (CJK, emoji), 0 for a combining one, else
 * 1. */
size_t columns_of(const char *text);

/* Appends text, cut with "…" if it is wider than `width`, and padded with blanks up to `width`. */
void columns_left(struct text *out, const char *text, size_t width);
/* The same, right-aligned. */
void columns_right(struct text *out, const char *text, size_t width);

/* Appends text broken at blanks into lines of at most `width` columns, and a newline. `first`
 * begins the first line and `rest` the others; both count. A number stays with its unit. A word
 * that is wider than a line is not broken and gets a line for itself. */
void columns_wrap(struct text *out,
		const char *first,
		const char *rest,
		const char *text,
		size_t width);

/* Returns the text in ASCII for a terminal without UTF-8: × becomes x, − becomes -, ≤ becomes
 * <=, … */
const char *columns_to_ascii(struct arena *arena, const char *text);

#endif
