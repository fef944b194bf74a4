/* Paints a drawing with cairo, for PDF and PNG, in the light colors. */
#ifndef HEADROOM_REPORT_CHART_PAINT_H
#define HEADROOM_REPORT_CHART_PAINT_H

#include "report/chart/type.h"

/* Paints at the current origin, in canvas units. */
void paint_canvas(cairo_t *cr,
		const struct type *type,
		const struct theme *theme,
		const struct canvas *canvas);

#endif
