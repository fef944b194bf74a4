/* Inline content: text, strong, code, links and small drawings as one Pango layout. */
#ifndef HEADROOM_REPORT_PDF_INLINE_H
#define HEADROOM_REPORT_PDF_INLINE_H

#include <libxml/tree.h>
#include <stdbool.h>

#include "report/chart/theme.h"
#include "report/pdf/flow_box.h"

/* The style in which inline content begins. */
struct style {
	double size;
	bool command;                 /* it may end a line between two words, with a backslash */
	bool bold, mono, pre, breaks; /* breaks: a long name may end a line after its punctuation */
	enum color color;
};

/* The inline content of a node as a laid-out cell of this width. */
struct cell inline_cell(struct flow *flow,
		const xmlNode *node,
		const struct style *style,
		double x,
		double width);
/* The same from the current indent to the right edge of the body. */
struct cell inline_wide_cell(struct flow *flow, const xmlNode *node, const struct style *style);
/* The same as inline_cell for a plain text. */
struct cell inline_text_cell(struct flow *flow,
		const char *text,
		const struct style *style,
		double x,
		double width);

#endif
