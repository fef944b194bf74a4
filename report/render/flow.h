/* The bound page as a list of boxes, laid out to the width of the paper but not yet to its height.
 */
#ifndef HEADROOM_REPORT_RENDER_FLOW_H
#define HEADROOM_REPORT_RENDER_FLOW_H

#include "report/chart/type.h"
#include "report/render/bind.h"
#include "report/render/pdf.h"

enum {
	DESTS_MAX = 4,
	COLUMNS_MAX = 12
};

/* A part of a cell's text that leads somewhere: byte offsets. */
struct link {
	int start, end;
	const char *target; /* "#dest" or an https address */
};

struct cell {
	PangoLayout *layout;
	double x, width; /* from the left edge of the body, without padding */
	double pad_x, pad_y;
	double shift;      /* to the right, of text that was laid out without a width */
	const char *tag;   /* "P" "TD" …; NULL: not part of the structure */
	const char *scope; /* of a "TH": "Row" or "Column" */
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
	const xmlNode *running; /* lines at the head and the foot of each page, or NULL */
	/* While building: */
	double indent;
	enum color bar;
	bool bar_begins;
	size_t head;
	const char *pending[DESTS_MAX];
	size_t pending_count;
};

void flow_build(struct flow *flow);
void flow_release(struct flow *flow);

/* How inline content begins. */
struct style {
	double size;
	bool bold, mono, pre, breaks; /* breaks: a long name may end a line after its punctuation */
	enum color color;
};

/* The inline content of a node as a laid-out cell of this width. */
struct cell flow_cell(struct flow *flow,
		const xmlNode *node,
		const struct style *style,
		double x,
		double width);
/* The same for a plain text. */
struct cell flow_text_cell(struct flow *flow,
		const char *text,
		const struct style *style,
		double x,
		double width);
/* Sets padding and makes the text narrower by it. */
void flow_pad(struct cell *cell, double pad_x, double pad_y);

/* Adds a row of cells (copied) as high as the highest. Valid until the next box is added. */
struct box *flow_row(struct flow *flow, const struct cell *cells, size_t count);
struct box *flow_add(struct flow *flow, struct box box);
/* Of the rows since `first` none stands alone under a heading or at the top of a page: the first
 * two stay together, and the last two. */
void flow_keep_ends(struct flow *flow, size_t first);
void flow_table(struct flow *flow, const xmlNode *table);

bool flow_has_class(const xmlNode *node, const char *name);

#endif
