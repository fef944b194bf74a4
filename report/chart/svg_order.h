/* The order in which the SVG writer draws. */
#ifndef HEADROOM_REPORT_CHART_SVG_ORDER_H
#define HEADROOM_REPORT_CHART_SVG_ORDER_H

#include <stdbool.h>

#include "report/chart/canvas.h"

/* Returns true if b can be drawn together with a, in one element or one group. */
bool svg_same_style(const struct op *a, const struct op *b);

/* Returns the operations so that equal styles are side by side where that changes nothing visible.
 * They live in the canvas's arena. */
const struct op *svg_order(const struct canvas *canvas);

#endif
