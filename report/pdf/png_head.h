/* The part of a picture above the chart: question, answer, notes and numbers. */
#ifndef HEADROOM_REPORT_PDF_PNG_HEAD_H
#define HEADROOM_REPORT_PDF_PNG_HEAD_H

#include "report/chart/canvas.h"
#include "report/pdf/input.h"

/* As high as it must be; in the arena of the input. */
const struct canvas *png_head(const struct pdf_input *input);

#endif
