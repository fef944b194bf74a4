/* The part of the PNG above the chart: question, answer, notes and numbers. */
#ifndef HEADROOM_REPORT_PDF_PNG_HEAD_H
#define HEADROOM_REPORT_PDF_PNG_HEAD_H

#include "report/chart/canvas.h"
#include "report/pdf/input.h"

/* Returns a canvas as high as its content, in the arena of the input. */
const struct canvas *png_head(const struct pdf_input *input);

#endif
