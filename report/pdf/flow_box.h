/* Boxes: what a page of paper shows, from top to bottom; and the flow that collects them. */
#ifndef HEADROOM_REPORT_PDF_FLOW_BOX_H
#define HEADROOM_REPORT_PDF_FLOW_BOX_H

#include <libxml/tree.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "report/chart/theme.h"
#include "report/chart/type.h"
#include "report/pdf/input.h"

enum {
	DESTS_MAX = 4,
	COLUMNS_MAX = 12
};

/* A link in a cell's text; start and end are byte offsets. */
struct link {
	int start, end;
	const char *target; /* "#dest" or an https address */
};

struct cell {
	PangoLayout *layout;
	double x, width; /* from the left edge of the body, without padding */
	double pad_x, pad_y;
	double shift;      /* offset to the right, for text without a fixed width */
	const char *tag;   /* "P" "TD" …; NULL: not part of the structure */
	const char *scope; /* for "TH": "Row" or "Column"; for "TD": the columns it spans, "": one */
	enum color ground, text;
	struct link *links;
	size_t link_count;
};

enum box_kind {
	BOX_ROW,
	BOX_CANVAS,
	BOX_OPEN,
	BOX_CLOSE
};

struct box {
	enum box_kind kind;
	const char *tag; /* of the whole box: "Table" "TR" "Figure"; NULL: each cell has its tag */
	struct cell *cells;
	size_t cell_count;
	double before, height; /* before: space above, dropped at the top of a page */
	bool keep_next;        /* must not be the last box on a page */
	bool rule;             /* a line below the cells */
	enum color bar, frame; /* colors of a bar at the left edge of the body and of a frame */
	bool bar_begins;       /* the bar begins here instead of continuing that of the box before */
	const struct canvas *canvas;
	double x, scale; /* position and scale of the canvas */
	const char *dests[DESTS_MAX];
	unsigned outline; /* level in the outline, from 1; 0: not in the outline */
	const char *outline_text;
	size_t head; /* 1 + index of the row to repeat at the top of a page; 0: none */
};

struct flow {
	const struct pdf_input *input;
	const struct type *type;
	struct arena *arena;
	double width;
	struct box *boxes;
	size_t count, capacity;
	size_t signed_at;       /* 1 + index of the box that ends the first page (to sign); 0: none */
	const xmlNode *running; /* lines at the head and foot of each page; NULL: none */
	/* While building: */
	double indent;
	enum color bar;
	bool bar_begins;
	size_t head;
	const char *pending[DESTS_MAX];
	size_t pending_count;
};

/* Appends a box and returns it, valid until the next one is added. The box gets the names in
 * `pending`. */
struct box *flow_add(struct flow *flow, struct box box);
/* Appends the begin (BOX_OPEN) or end (BOX_CLOSE) of a structure element. */
void flow_mark(struct flow *flow, enum box_kind kind, const char *tag);
/* Appends a row with copies of these cells, as high as the highest of them. The result is valid
 * until the next box is added. */
struct box *flow_row(struct flow *flow, const struct cell *cells, size_t count);
/* Sets the padding and makes the text narrower by it. */
void flow_pad(struct cell *cell, double pad_x, double pad_y);
/* Makes links to this name lead to the next visible box, which can have at most DESTS_MAX names. */
void flow_add_dest(struct flow *flow, const char *name);
/* Keeps the first two rows since `first` on one page, and the last two, so that no row is alone
 * below a heading or at the top of a page. */
void flow_keep_ends(struct flow *flow, size_t first);

#endif
