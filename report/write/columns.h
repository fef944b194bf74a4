/* Text in terminal columns: how wide UTF-8 text is, padding, cutting, wrapping, and folding to
 * ASCII. Knows nothing of the document. Input is valid UTF-8 (text_clean has been there). */
#ifndef HEADROOM_REPORT_WRITE_COLUMNS_H
#define HEADROOM_REPORT_WRITE_COLUMNS_H

#include <stddef.h>

#include "base/arena.h"
#include "base/text.h"

/* Display columns: 2 for wide (CJK, emoji), 0 for combining characters, else 1. */
size_t columns_of(const char *text);

/* Adds text, cut with "…" if it is wider than `width`, then blanks up to `width`. */
void columns_left(struct text *out, const char *text, size_t width);
/* The same, right-aligned. */
void columns_right(struct text *out, const char *text, size_t width);

/* Adds text broken at blanks into lines no wider than `width` columns; `first` begins the first
 * line, `rest` the others (both count). A number stays with its unit, and no word is broken: one
 * that is wider than a line has a line of its own. Ends with a newline. */
void columns_wrap(struct text *out,
		const char *first,
		const char *rest,
		const char *text,
		size_t width);

/* ASCII for a terminal that does not speak UTF-8: × becomes x, − becomes -, ≤ becomes <=, … */
const char *columns_to_ascii(struct arena *arena, const char *text);

#endif
