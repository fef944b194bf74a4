/* Adds what cairo 1.16 leaves out of a PDF: language, standard dates, alternative texts of figures,
 * the scope of table heads, XMP, an identifier made from the content, the title in the window, an
 * attached file. Rewrites cairo's bytes with libqpdf. Draws nothing. */
#ifndef HEADROOM_REPORT_PDF_FINISH_H
#define HEADROOM_REPORT_PDF_FINISH_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/text.h"
#include "report/pdf/finish_input.h"

/* Appends the whole file to out. Returns false with err, and out unchanged, if libqpdf finds a
 * fault in the bytes or they are not the document that `input` describes. */
bool finish_pdf(const struct finish_input *input,
		const char *bytes,
		size_t size,
		struct text *out,
		struct error *err);

#endif
