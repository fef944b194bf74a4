/* Draws placed boxes onto a PDF surface of cairo. */
#ifndef HEADROOM_REPORT_PDF_DRAW_H
#define HEADROOM_REPORT_PDF_DRAW_H

#include "report/pdf/finish.h"
#include "report/pdf/sheet.h"

/* The structure elements, in order, that the finishing pass (finish.h) completes. */
struct drawn {
	struct finish_tag *tags;
	size_t count, capacity;
};

void draw_sheets(const struct sheets *sheets, cairo_t *cr, struct drawn *ret_drawn);

#endif
