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

/* A link in a cell's text: byte offsets. */
struct link {
	int start, end;
	const char *target; /* "#dest" or an https address */
};

struct cell {
	PangoLayout *layout;
	double x, width; /* from the left edge of the body, without padding */
	double pad_x, pad_y;
	double shift;      /* to the right, for text that was laid out without a width */
	const char *tag;   /* "P" "TD" …; NULL: not part of the structure */
	const char *scope; /* of a "TH": "Row" or "Column"; of a "TD": its columns, "": one */
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
	const char *tag; /* of the whole: "Table" "TR" "Figure"; NULL: the cells' own */
	struct cell *cells;
	size_t cell_count;
	double before, height; /* before is dropped at the top of a page */
	bool keep_next;        /* not the last thing on a page */
	bool rule;             /* a line below the cells */
	enum color bar, frame; /* a bar at the left edge of the body; a frame around */
	bool bar_begins;       /* the bar does not reach up to the box before */
	const struct canvas *canvas;
	double x, scale; /* of the canvas */
	const char *dests[DESTS_MAX];
	unsigned outline; /* level in the outline from 1; 0: none */
	const char *outline_text;
	size_t head; /* 1 + index of the row repeated at the top of a page, or 0 */
};

struct flow {
	const struct pdf_input *input;
	const struct type *type;
	struct arena *arena;
	double width;
	struct box *boxes;
	size_t count, capacity;
	size_t signed_at;       /* 1 + the box that ends the first page: the line to sign; 0: none */
	const xmlNode *running; /* lines at the head and the foot of each page, or NULL */
	/* While building: */
	double indent;
	enum color bar;
	bool bar_begins;
	size_t head;
	const char *pending[DESTS_MAX];
	size_t pending_count;
};

/* Adds a box, which takes the names that wait in `pending`. Valid until the next box is added. */
struct box *flow_add(struct flow *flow, struct box box);
/* Adds the begin or the end of an element of the structure: BOX_OPEN or BOX_CLOSE. */
void flow_mark(struct flow *flow, enum box_kind kind, const char *tag);
/* Adds a row of cells (copied) that is as high as its highest cell. Valid until the next box is
 * added. */
struct box *flow_row(struct flow *flow, const struct cell *cells, size_t count);
/* Sets padding and makes the text narrower by it. */
void flow_pad(struct cell *cell, double pad_x, double pad_y);
/* Links to this name will lead to the next box that shows something. At most DESTS_MAX names. */
void flow_add_dest(struct flow *flow, const char *name);
/* Keeps the first two rows since `first` together, and the last two, so that no row is alone under
 * a heading or at the top of a page. */
void flow_keep_ends(struct flow *flow, size_t first);

#endif
