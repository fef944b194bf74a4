/* Back end A of a drawing: SVG inside the page. */
#ifndef HEADROOM_REPORT_CHART_SVG_H
#define HEADROOM_REPORT_CHART_SVG_H

#include "base/text.h"
#include "report/chart/canvas.h"
#include "report/chart/theme.h"

/* Light colors as presentation attributes (they survive a policy that forbids styles), and classes
 * that follow the page in dark mode. */
void svg_write(const struct canvas *canvas, const struct theme *theme, struct text *out);

/* Text for XML: & < > " and the control characters that XML does not allow. */
void svg_escape(const char *text, struct text *out);
/* A coordinate: at most two decimals, no trailing zeros, always a point. */
void svg_number(double value, struct text *out);

#endif
