/* The order in which the SVG writer draws. */
#ifndef HEADROOM_REPORT_CHART_SVG_ORDER_H
#define HEADROOM_REPORT_CHART_SVG_ORDER_H

#include <stdbool.h>

#include "report/chart/canvas.h"

/* Whether b can be drawn together with a, as one element or in one group. */
bool svg_same_style(const struct op *a, const struct op *b);

/* The canvas's operations, those of one style side by side where that changes nothing that is
 * seen. They are of the canvas's arena. */
const struct op *svg_order(const struct canvas *canvas);

#endif
