/* The limits against the plan, with the verdict above it, as a PNG image. */
#ifndef HEADROOM_REPORT_PDF_PNG_H
#define HEADROOM_REPORT_PDF_PNG_H

#include <stdbool.h>

#include "base/error.h"
#include "base/text.h"
#include "report/pdf/input.h"

bool png_write(const struct pdf_input *input, struct text *out, struct error *err);

#endif
