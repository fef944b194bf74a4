/* Writes a PNG image: the verdict and, below it, the limits against the plan. false with err. */
#ifndef HEADROOM_REPORT_PDF_PNG_H
#define HEADROOM_REPORT_PDF_PNG_H

#include <stdbool.h>

#include "base/error.h"
#include "base/text.h"
#include "report/pdf/input.h"

bool png_write(const struct pdf_input *input, struct text *out, struct error *err);

#endif
