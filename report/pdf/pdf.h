/* Writes the PDF: the bound page laid out on A4 with the DejaVu fonts. */
#ifndef HEADROOM_REPORT_PDF_PDF_H
#define HEADROOM_REPORT_PDF_PDF_H

#include <stdbool.h>

#include "base/error.h"
#include "base/text.h"
#include "report/pdf/input.h"

/* Appends the PDF to out; false with err. The creation date is SOURCE_DATE_EPOCH or the time of the
 * document, so the same input gives the same bytes. If the finishing pass (finish.h) fails, the
 * file lacks what that pass adds and *ret_remark says why; otherwise it is "". */
bool pdf_write(const struct pdf_input *input,
		struct text *out,
		const char **ret_remark,
		struct error *err);

#endif
