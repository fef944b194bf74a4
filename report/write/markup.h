/* Text from a host inside Markdown or HTML, escaped so that it can neither break the page nor add
 * markup. The text must be cleaned already (text_clean). */
#ifndef HEADROOM_REPORT_WRITE_MARKUP_H
#define HEADROOM_REPORT_WRITE_MARKUP_H

#include "base/arena.h"
#include "base/text.h"

/* markup_add_markdown escapes what has a meaning in Markdown or in HTML inside it; markup_add_html
 * what has one in HTML. */
void markup_add_markdown(struct text *out, const char *text);
void markup_add_html(struct text *out, const char *text);

/* Appends a Markdown code block, with a fence longer than any run of backquotes in it, and a blank
 * line. Cleans its lines. */
void markup_add_code(struct arena *arena, struct text *out, const char *language, const char *code);

#endif
