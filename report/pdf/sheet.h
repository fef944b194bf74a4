/* Pages: the boxes of a flow placed on sheets of paper. */
#ifndef HEADROOM_REPORT_PDF_SHEET_H
#define HEADROOM_REPORT_PDF_SHEET_H

#include "report/pdf/flow_box.h"

enum {
	SHEET_GAP = 14
}; /* from the body to the rules at the head and the foot, points */

/* A box, or some of its lines, on a page. */
struct placement {
	size_t box, page; /* pages from 0 */
	double y, height;
	int from[COLUMNS_MAX], to[COLUMNS_MAX]; /* lines of each cell */
	bool repeated;                          /* a table's head on a further page */
};

struct sheets {
	struct arena *arena;
	const struct flow *flow;
	double top, bottom; /* of the body on the page */
	double spacing;     /* of the room before each box; chosen by sheets_place */
	struct placement *items;
	size_t count, capacity, pages;
};

void sheets_place(struct sheets *sheets);

#endif
