/* Lays out inline content (text, strong, code, links, small drawings) as one Pango layout. */
#ifndef HEADROOM_REPORT_PDF_INLINE_H
#define HEADROOM_REPORT_PDF_INLINE_H

#include <libxml/tree.h>
#include <stdbool.h>

#include "report/chart/theme.h"
#include "report/pdf/flow_box.h"

/* The style that inline content begins with. */
struct style {
	double size;
	bool command; /* shell command: a line may end between two words, with a backslash */
	bool bold, mono, pre, breaks; /* breaks: a line may end after punctuation inside a long name */
	enum color color;
};

/* Returns the inline content of a node as a cell of this width. */
struct cell inline_cell(struct flow *flow,
		const xmlNode *node,
		const struct style *style,
		double x,
		double width);
/* The same, from the current indent to the right edge of the body. */
struct cell inline_wide_cell(struct flow *flow, const xmlNode *node, const struct style *style);
/* The same as inline_cell for plain text. */
struct cell inline_text_cell(struct flow *flow,
		const char *text,
		const struct style *style,
		double x,
		double width);

#endif
