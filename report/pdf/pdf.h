/* The PDF: the bound page flowed onto A4 with the DejaVu fonts. */
#ifndef HEADROOM_REPORT_PDF_PDF_H
#define HEADROOM_REPORT_PDF_PDF_H

#include <stdbool.h>

#include "base/error.h"
#include "base/text.h"
#include "report/pdf/input.h"

/* The creation date is SOURCE_DATE_EPOCH or the document's own time; the same input gives the same
 * bytes. If the finishing pass (finish.h) fails, the file is written without what that pass adds,
 * and `ret_remark` says why; otherwise it is "". */
bool pdf_write(const struct pdf_input *input,
		struct text *out,
		const char **ret_remark,
		struct error *err);

#endif
