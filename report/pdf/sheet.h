/* Places the boxes of a flow on sheets of paper. */
#ifndef HEADROOM_REPORT_PDF_SHEET_H
#define HEADROOM_REPORT_PDF_SHEET_H

#include "report/pdf/flow_box.h"

enum {
	SHEET_GAP = 14
}; /* points between the body and the rules at the head and foot */

/* A box, or some of its lines, on one page. */
struct placement {
	size_t box, page; /* pages are counted from 0 */
	double y, height;
	/* For each cell the first line, and the one after the last. */
	int from[COLUMNS_MAX], to[COLUMNS_MAX];
	bool repeated; /* a table's head, repeated on a further page */
};

struct sheets {
	struct arena *arena;
	const struct flow *flow;
	double top, bottom; /* edges of the body on the page */
	double spacing;     /* factor for the space before each box, chosen by sheets_place */
	struct placement *items;
	size_t count, capacity, pages;
};

void sheets_place(struct sheets *sheets);

#endif
