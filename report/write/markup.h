/* Text of a host inside Markdown or HTML: escaped, so that it can neither break the page nor bring
 * in markup of its own. The text has been cleaned (text_clean). */
#ifndef HEADROOM_REPORT_WRITE_MARKUP_H
#define HEADROOM_REPORT_WRITE_MARKUP_H

#include "base/arena.h"
#include "base/text.h"

/* What Markdown, or the HTML inside it, would act on. */
void markup_add_markdown(struct text *out, const char *text);
void markup_add_html(struct text *out, const char *text);

/* A code block of Markdown with a fence longer than any run of backquotes in it, and a blank line.
 * Its lines are cleaned. */
void markup_add_code(struct arena *arena, struct text *out, const char *language, const char *code);

#endif
