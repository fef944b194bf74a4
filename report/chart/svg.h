/* Writes a drawing as SVG inside the page. */
#ifndef HEADROOM_REPORT_CHART_SVG_H
#define HEADROOM_REPORT_CHART_SVG_H

#include "base/text.h"
#include "report/chart/canvas.h"
#include "report/chart/theme.h"

/* Appends the drawing. The light colors are presentation attributes, which survive a policy that
 * forbids styles; classes let it follow the page into dark mode. */
void svg_write(const struct canvas *canvas, const struct theme *theme, struct text *out);

/* Appends text for XML: escapes & < > " and replaces control characters that XML does not allow. */
void svg_escape(const char *text, struct text *out);
/* Appends a coordinate with at most two decimals, without trailing zeros, and always with a
 * point. */
void svg_number(double value, struct text *out);

#endif
