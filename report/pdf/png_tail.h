/* The part of a picture below the chart: the changes that are asked for. */
#ifndef HEADROOM_REPORT_PDF_PNG_TAIL_H
#define HEADROOM_REPORT_PDF_PNG_TAIL_H

#include "report/chart/canvas.h"
#include "report/pdf/input.h"

/* As high as it must be, 0 if nothing is asked for; in the arena of the input. */
const struct canvas *png_tail(const struct pdf_input *input);

#endif
