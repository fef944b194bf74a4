/* Back end B of a drawing: cairo, for PDF and PNG, in the light colors. */
#ifndef HEADROOM_REPORT_CHART_PAINT_H
#define HEADROOM_REPORT_CHART_PAINT_H

#include "report/chart/type.h"

/* Draws at the current origin in the canvas's own units. */
void paint_canvas(cairo_t *cr,
		const struct type *type,
		const struct theme *theme,
		const struct canvas *canvas);

#endif
