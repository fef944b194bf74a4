/* Text of a host inside Markdown or HTML: escaped, so that it can neither break the page nor add
 * markup. The text was cleaned before (text_clean). */
#ifndef HEADROOM_REPORT_WRITE_MARKUP_H
#define HEADROOM_REPORT_WRITE_MARKUP_H

#include "base/arena.h"
#include "base/text.h"

/* Characters that have a meaning in Markdown, or in the HTML inside it. */
void markup_add_markdown(struct text *out, const char *text);
void markup_add_html(struct text *out, const char *text);

/* A code block of Markdown with a fence longer than any run of backquotes in it, and a blank line.
 * Its lines are cleaned. */
void markup_add_code(struct arena *arena, struct text *out, const char *language, const char *code);

#endif
