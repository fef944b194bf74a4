/* Walks the structure of a PDF and adds what cairo leaves out of its elements. */
#ifndef HEADROOM_REPORT_PDF_FINISH_STRUCTURE_H
#define HEADROOM_REPORT_PDF_FINISH_STRUCTURE_H

#include <qpdf/qpdf-c.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "report/pdf/finish_input.h"

/* Gives every Figure its description and every TH its scope. Returns false with err unless the
 * document has exactly the elements of `input->tags`, in this order. `size`: bytes of the file,
 * which bounds the number of its objects. */
bool finish_structure(const struct finish_input *input,
		qpdf_data pdf,
		size_t size,
		struct error *err);

#endif
