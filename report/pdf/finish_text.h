/* The texts of a finished PDF: dates and XMP. */
#ifndef HEADROOM_REPORT_PDF_FINISH_TEXT_H
#define HEADROOM_REPORT_PDF_FINISH_TEXT_H

#include "base/arena.h"
#include "base/text.h"
#include "report/pdf/finish_input.h"

/* Returns "D:20260520080000Z" (ISO 32000-1, 7.9.4) in the arena, or NULL if `date` does not have
 * the form "2026-05-20T08:00:00Z". */
const char *finish_text_date(struct arena *arena, const char *date);

/* Appends the XMP packet (ISO 16684-1), which says the same as the information dictionary. */
void finish_text_xmp(const struct finish_input *input, struct text *out);

#endif
