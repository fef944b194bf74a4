/* Turns block elements into boxes. A tag without a row in `blocks` is a container of others. */
#include "report/pdf/flow.h"

#include <math.h>
#include <string.h>

#include "base/array.h"
#include "report/document/badge.h"
#include "report/document/view.h"
#include "report/pdf/flow_table.h"
#include "report/pdf/inline.h"
#include "report/render/node.h"

typedef void block_fn(struct flow *flow, const xmlNode *node);

static void flow_add_children(struct flow *flow, const xmlNode *node);

static struct style plain_style(double size, enum color color)
{
	struct style style = {.size = size};
	style.color = color;
	return style;
}

static struct style bold_style(double size, enum color color)
{
	struct style style = plain_style(size, color);
	style.bold = true;
	return style;
}

static struct style body_style(const struct flow *flow)
{
	return plain_style(flow->input->theme->pdf.body, COLOR_INK);
}

/* Of captions and the terms of a list. */
static struct style label_style(const struct flow *flow)
{
	return plain_style(flow->input->theme->pdf.small + 0.5, COLOR_INK2);
}

/* --- one block each ------------------------------------------------------------------------- */

static struct box *add_paragraph(struct flow *flow,
		const xmlNode *node,
		const struct style *style,
		double before)
{
	struct cell cell = inline_wide_cell(flow, node, style);
	struct box *box = flow_row(flow, &cell, 1);
	box->before = before;
	return box;
}

static void add_heading(struct flow *flow, const xmlNode *node)
{
	const struct theme *theme = flow->input->theme;
	const struct {
		const char *tag;
		double size, before;
	} levels[] = {
			{"H1", theme->pdf.h1, 0},
			{"H2", theme->pdf.h2, 11},
			{"H3", theme->pdf.h3, 8},
	};
	unsigned level = (unsigned)(node->name[1] - '0');
	size_t row = level - 1;
	struct style style = bold_style(levels[row].size, COLOR_INK);
	struct box *box = add_paragraph(flow, node, &style, levels[row].before);
	box->cells[0].tag = levels[row].tag;
	box->keep_next = true;
	box->outline = level;
	PangoLayout *layout = box->cells[0].layout;
	const char *text = pango_layout_get_text(layout);
	box->outline_text = arena_strdup(flow->arena, text);
}

static bool follows_heading(const xmlNode *node)
{
	const xmlNode *previous = xmlPreviousElementSibling((xmlNode *)(guintptr)node);
	return node_is(previous, "h1") || node_is(previous, "h2") || node_is(previous, "h3");
}

static void add_text_block(struct flow *flow, const xmlNode *node)
{
	struct style style = body_style(flow);
	bool note = node_has_class(node, "note");
	bool label = node_is(xmlNextElementSibling((xmlNode *)(guintptr)node), "pre");
	double before = 4;
	if (note && (label || follows_heading(node)))
		before = 2;
	else if (note)
		before = 8;
	struct box *box = add_paragraph(flow, node, &style, before);
	const xmlNode *next = xmlNextElementSibling((xmlNode *)(guintptr)node);
	box->keep_next = node_is(next, "pre");
	if (note && next && !node_is(next, "p"))
		box->keep_next = true;
}

static void add_pre(struct flow *flow, const xmlNode *node)
{
	struct style style = plain_style(flow->input->theme->pdf.mono, COLOR_INK);
	style.mono = true;
	style.pre = true;
	struct cell cell = inline_wide_cell(flow, node, &style);
	flow_pad(&cell, 6, 4);
	cell.ground = COLOR_PANEL;
	cell.tag = "Code";
	double before = 4;
	if (node_has_class(node, "path")) {
		cell.ground = COLOR_NONE;
		cell.pad_y = 1;
		before = 0;
	}
	flow_row(flow, &cell, 1)->before = before;
}

static void flow_add_item(struct flow *flow, const xmlNode *node)
{
	struct style style = body_style(flow);
	struct cell cells[] = {
			inline_text_cell(flow, "•", &style, flow->indent, 10),
			inline_cell(flow, node, &style, flow->indent + 10, flow->width - flow->indent - 10),
	};
	cells[0].tag = "Lbl";
	cells[1].tag = "LBody";
	struct box *box = flow_row(flow, cells, 2);
	box->tag = "LI";
	box->before = 3;
}

static void flow_add_list(struct flow *flow, const xmlNode *node)
{
	flow_mark(flow, BOX_OPEN, "L");
	size_t first = flow->count;
	flow_add_children(flow, node);
	flow_keep_ends(flow, first);
	flow_mark(flow, BOX_CLOSE, "L");
}

/* NULL if there is none, or no node. */
static const xmlNode *child_named(const xmlNode *node, const char *tag)
{
	if (!node)
		return NULL;
	const xmlNode *child = node->children;
	while (child && !node_is(child, tag))
		child = child->next;
	return child;
}

/* Term and description in two columns. */
static void add_pair(struct flow *flow, const xmlNode *node)
{
	const xmlNode *term = child_named(node, "dt");
	const xmlNode *description = child_named(node, "dd");
	if (!term || !description)
		return;
	const double split = 104;
	struct style small = label_style(flow);
	struct style style = small;
	style.color = COLOR_INK;
	struct cell cells[] = {
			inline_cell(flow, term, &small, flow->indent, split - 8),
			inline_cell(flow,
					description,
					&style,
					flow->indent + split,
					flow->width - flow->indent - split),
	};
	cells[0].tag = "Lbl";
	cells[1].tag = "LBody";
	for (size_t i = 0; i < 2; i++)
		cells[i].pad_y = 1.2;
	struct box *box = flow_row(flow, cells, 2);
	box->tag = "LI";
	box->before = 0.5;
}

enum {
	NUMBER_PAD = 8,
	NUMBER_GAP = 8,
	BLANK_MAX = 6
}; /* points; each line ends with a blank (inline.c) */

/* As large as the theme says, or smaller until the widest number is on one line. */
static double number_size(struct flow *flow, const xmlNode *node, double width)
{
	const struct theme *theme = flow->input->theme;
	double size = theme->pdf.big;
	for (const xmlNode *child = node->children; child; child = child->next) {
		if (!node_is(child, "div"))
			continue;
		const xmlNode *strong = child_named(child_named(child, "dd"), "strong");
		struct style style = bold_style(theme->pdf.big, COLOR_INK);
		if (!strong)
			continue;
		struct cell cell = inline_cell(flow, strong, &style, 0, 10 * theme->pdf.page_width);
		int across, high;
		pango_layout_get_size(cell.layout, &across, &high);
		g_object_unref(cell.layout);
		if (across > 0)
			size = fmin(size,
					theme->pdf.big * (width - 2 * NUMBER_PAD - BLANK_MAX) * PANGO_SCALE / across);
	}
	return fmax(size, fmin(theme->pdf.body, theme->pdf.big));
}

static void add_class(xmlNode *node, const char *name)
{
	xmlSetProp(node, (const xmlChar *)"class", (const xmlChar *)name);
}

static xmlNode *copy_of(const xmlNode *node)
{
	return xmlCopyNode((xmlNode *)(guintptr)node, 1);
}

/* The term, small. */
static void add_term(xmlNode *parts, const xmlNode *term)
{
	xmlNode *span = xmlNewChild(parts, NULL, (const xmlChar *)"span", NULL);
	add_class(span, "note");
	if (!term)
		return;
	for (const xmlNode *text = term->children; text; text = text->next)
		xmlAddChild(span, copy_of(text));
}

/* The elements of the description, each on a line of its own; all but the number small. */
static void add_description(xmlNode *parts, const xmlNode *description)
{
	if (!description)
		return;
	for (const xmlNode *child = description->children; child; child = child->next) {
		if (child->type != XML_ELEMENT_NODE)
			continue;
		xmlNewChild(parts, NULL, (const xmlChar *)"br", NULL);
		xmlNode *copy = copy_of(child);
		if (!node_is(child, "strong"))
			add_class(copy, "note");
		xmlAddChild(parts, copy);
	}
}

/* One of the big numbers beside each other. */
static struct cell number_cell(struct flow *flow,
		const xmlNode *node,
		double size,
		double x,
		double width)
{
	xmlNode *parts = xmlNewNode(NULL, (const xmlChar *)"div");
	add_term(parts, child_named(node, "dt"));
	add_description(parts, child_named(node, "dd"));
	struct style style = plain_style(size, COLOR_INK);
	struct cell cell = inline_cell(flow, parts, &style, x, width);
	xmlFreeNode(parts);
	flow_pad(&cell, NUMBER_PAD, 4);
	cell.ground = COLOR_PANEL;
	return cell;
}

static void flow_add_numbers(struct flow *flow, const xmlNode *node)
{
	const double gap = NUMBER_GAP;
	struct cell cells[COLUMNS_MAX];
	size_t count = 0, at = 0;
	for (const xmlNode *child = node->children; child; child = child->next)
		count += node_is(child, "div") && count < COLUMNS_MAX;
	if (count == 0)
		return;
	double gaps = gap * (double)(count - 1);
	double width = (flow->width - gaps) / (double)count;
	double size = number_size(flow, node, width);
	for (const xmlNode *child = node->children; child; child = child->next)
		if (node_is(child, "div") && at < count) {
			double x = (width + gap) * (double)at;
			cells[at] = number_cell(flow, child, size, x, width);
			at++;
		}
	flow_row(flow, cells, at)->before = 8;
}

static void add_definitions(struct flow *flow, const xmlNode *node)
{
	if (node_has_class(node, "numbers")) {
		flow_add_numbers(flow, node);
		return;
	}
	flow_mark(flow, BOX_OPEN, "L");
	size_t first = flow->count;
	for (const xmlNode *child = node->children; child; child = child->next)
		if (node_is(child, "div") && !node_is_left_out(child, "pdf"))
			add_pair(flow, child);
	flow_keep_ends(flow, first);
	flow_mark(flow, BOX_CLOSE, "L");
}

/* --- verdict -------------------------------------------------------------------------------- */

static enum color flow_tone_of(const struct flow *flow)
{
	return color_of_status(canvas_status_of(badge_verdict_shown(flow->input->root)));
}

/* The paragraphs of a box as lines of one cell. */
static struct cell joined_cell(struct flow *flow, const xmlNode *node, double x, double width)
{
	xmlNode *parts = xmlNewNode(NULL, (const xmlChar *)"div");
	bool after_headline = false;
	for (const xmlNode *child = node->children; child; child = child->next) {
		if (child->type != XML_ELEMENT_NODE || node_is_left_out(child, "pdf"))
			continue;
		if (parts->children) {
			xmlNode *line = xmlNewChild(parts, NULL, (const xmlChar *)"br", NULL);
			if (after_headline)
				add_class(line, "gap");
		}
		after_headline = node_has_class(child, "headline");
		xmlAddChild(parts, copy_of(child));
	}
	struct style style = body_style(flow);
	struct cell cell = inline_cell(flow, parts, &style, x, width);
	xmlFreeNode(parts);
	return cell;
}

/* The verdict is a heading: the word on its ground in the structure, the answer among the
 * bookmarks. */
static void verdict_heads(struct flow *flow, struct box *box, const xmlNode *says)
{
	const xmlNode *answer = child_named(says, "h2");
	if (!answer)
		return;
	xmlChar *content = xmlNodeGetContent(answer);
	box->cells[0].tag = "H2";
	box->outline = 2;
	box->outline_text = "";
	if (content)
		box->outline_text = arena_strdup(flow->arena, (const char *)content);
	xmlFree(content);
}

static void flow_add_verdict(struct flow *flow, const xmlNode *node)
{
	enum color tone = flow_tone_of(flow), ground = tone, word = COLOR_BG;
	const double badge_width = 112;
	const xmlNode *badge = child_named(node, "p");
	const xmlNode *says = child_named(node, "div");
	if (!badge || !says)
		return;
	if (*badge_by_waiver(flow->arena, flow->input->root)) {
		ground = COLOR_BG;
		tone = word = COLOR_WARN;
	}
	struct style style = bold_style(14, word);
	struct cell cells[] = {
			inline_cell(flow, badge, &style, 0, badge_width),
			joined_cell(flow, says, badge_width, flow->width - badge_width),
	};
	flow_pad(&cells[0], 4, 7);
	flow_pad(&cells[1], 10, 7);
	pango_layout_set_alignment(cells[0].layout, PANGO_ALIGN_CENTER);
	cells[0].ground = ground;
	struct box *box = flow_row(flow, cells, 2);
	box->before = 10;
	box->frame = tone;
	int width, height;
	pango_layout_get_size(cells[0].layout, &width, &height);
	double text_height = height / (double)PANGO_SCALE;
	box->cells[0].pad_y = (box->height - text_height) / 2;
	verdict_heads(flow, box, says);
}

/* --- figures and containers ----------------------------------------------------------------- */

static void add_drawing(struct flow *flow, const xmlNode *node)
{
	const struct canvas *canvas = node_canvas(node);
	double room = flow->width - flow->indent;
	double scale = fmin(room / canvas->width, 1);
	flow_add(flow,
			(struct box){.kind = BOX_CANVAS,
					.tag = "Figure",
					.canvas = canvas,
					.x = flow->indent,
					.scale = scale,
					.height = canvas->height * scale,
					.before = 8,
					.keep_next = true});
}

static void add_caption(struct flow *flow, const xmlNode *node)
{
	struct style style = label_style(flow);
	add_paragraph(flow, node, &style, 3)->cells[0].tag = "Caption";
}

static void add_summary(struct flow *flow, const xmlNode *node)
{
	struct style style = bold_style(flow->input->theme->pdf.body, COLOR_INK);
	add_paragraph(flow, node, &style, 8)->keep_next = true;
}

static void add_section(struct flow *flow, const xmlNode *node)
{
	if (node_has_class(node, "verdict")) {
		flow_add_verdict(flow, node);
		return;
	}
	flow_mark(flow, BOX_OPEN, "Sect");
	flow_add_children(flow, node);
	flow_mark(flow, BOX_CLOSE, "Sect");
}

/* Keeps the boxes since `first` on one page, unless they would take too much of it. */
static void keep_together(struct flow *flow, size_t first)
{
	const double most = flow->input->theme->pdf.page_height * 0.33;
	double height = 0;
	size_t last = first;
	for (size_t i = first; i < flow->count; i++) {
		height += flow->boxes[i].before + flow->boxes[i].height;
		if (flow->boxes[i].kind == BOX_ROW || flow->boxes[i].kind == BOX_CANVAS)
			last = i;
	}
	for (size_t i = first; i < last && height < most; i++)
		flow->boxes[i].keep_next = true;
}

static void add_container(struct flow *flow, const xmlNode *node)
{
	if (node_has_class(node, "running")) {
		flow->running = node;
		return;
	}
	if (!node_has_class(node, "fix")) {
		flow_add_children(flow, node);
		return;
	}
	double indent = flow->indent;
	flow->indent += 10;
	flow->bar = COLOR_PASS;
	if (node_has_class(node, "other"))
		flow->bar = COLOR_BAND2;
	flow->bar_begins = true;
	size_t first = flow->count;
	flow_add_children(flow, node);
	keep_together(flow, first);
	flow->indent = indent;
	flow->bar = COLOR_NONE;
}

static void add_nothing(struct flow *flow, const xmlNode *node)
{
	(void)flow;
	(void)node;
}

static const struct block {
	const char *tag;
	block_fn *add;
} blocks[] = {
		{"head", add_nothing},
		{"script", add_nothing},
		{"style", add_nothing},
		{"nav", add_nothing},
		{"footer", add_nothing},
		{"h1", add_heading},
		{"h2", add_heading},
		{"h3", add_heading},
		{"p", add_text_block},
		{"pre", add_pre},
		{"ul", flow_add_list},
		{"li", flow_add_item},
		{"dl", add_definitions},
		{"table", flow_table},
		{"summary", add_summary},
		{"figcaption", add_caption},
		{"section", add_section},
};

static void flow_add_block(struct flow *flow, const xmlNode *node)
{
	const char *id = node_attribute(node, "id");
	if (node_is_left_out(node, "pdf"))
		return;
	if (*id)
		flow_add_dest(flow, id);
	if (node_canvas(node)) {
		add_drawing(flow, node);
		return;
	}
	for (size_t i = 0; i < COUNT_OF(blocks); i++)
		if (node_is(node, blocks[i].tag)) {
			blocks[i].add(flow, node);
			return;
		}
	add_container(flow, node);
}

static void flow_add_children(struct flow *flow, const xmlNode *node)
{
	for (const xmlNode *child = node->children; child; child = child->next)
		if (child->type == XML_ELEMENT_NODE)
			flow_add_block(flow, child);
}

void flow_build(struct flow *flow)
{
	const xmlNode *root = xmlDocGetRootElement(flow->input->doc);
	if (root)
		flow_add_children(flow, root);
}

void flow_release(struct flow *flow)
{
	for (size_t i = 0; i < flow->count; i++)
		for (size_t j = 0; j < flow->boxes[i].cell_count; j++)
			g_object_unref(flow->boxes[i].cells[j].layout);
}
