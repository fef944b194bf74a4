/* Draws the placed boxes with cairo: text with its structure, links, outline, header and footer. */
#include "report/pdf/draw.h"

#include <cairo-pdf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/list.h"
#include "base/sort.h"
#include "report/chart/paint.h"
#include "report/render/format.h"
#include "report/render/node.h"

enum {
	TAGS_MAX = 32,
	OUTLINE_LEVELS = 4
};

struct drawing {
	struct arena *arena;
	const struct theme *theme;
	double margin; /* of the page */
	const struct type *type;
	const struct flow *flow;
	const struct sheets *sheets;
	cairo_surface_t *surface;
	cairo_t *cr;
	const char *open[TAGS_MAX]; /* begun and not yet ended; nothing else begins or ends structure */
	size_t open_count;
	int outline[OUTLINE_LEVELS];
	struct name_list dests; /* of the document, sorted */
	bool *placed;           /* which of them are on a page by now */
	struct drawn *drawn;
};

static void draw_begin(struct drawing *d, const char *tag)
{
	if (d->open_count < TAGS_MAX) {
		cairo_tag_begin(d->cr, tag, NULL);
		d->open[d->open_count] = tag;
	}
	d->open_count++;
}

static bool is_noted(const char *tag)
{
	static const char *const noted[] = {
			"Figure",
			"TH",
			"TD",
	};
	for (size_t i = 0; i < COUNT_OF(noted); i++)
		if (strcmp(tag, noted[i]) == 0)
			return true;
	return false;
}

/* A figure with its description, a table's head with its scope, a cell with its columns. */
static void begin_noted(struct drawing *d, const char *tag, const char *text)
{
	bool shown = d->open_count < TAGS_MAX;
	draw_begin(d, tag);
	if (!shown || !is_noted(tag))
		return;
	struct drawn *drawn = d->drawn;
	struct finish_tag noted = {.tag = tag, .text = ""};
	if (text)
		noted.text = text;
	drawn->tags = arena_grow(d->arena, drawn->tags, drawn->count, &drawn->capacity, sizeof noted);
	drawn->tags[drawn->count++] = noted;
}

static void draw_end(struct drawing *d)
{
	d->open_count--;
	if (d->open_count < TAGS_MAX)
		cairo_tag_end(d->cr, d->open[d->open_count]);
}

/* Names go into the file unescaped, so only these bytes are allowed. */
static bool is_dest(const char *name)
{
	return *name && name[strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-")] == '\0';
}

static const char **find_dest(const struct drawing *d, const char *name)
{
	const struct name_list *dests = &d->dests;
	if (dests->count == 0)
		return NULL;
	return bsearch(&name, dests->items, dests->count, sizeof name, sort_compare_names);
}

static void collect_box_dests(struct drawing *d, const struct box *box)
{
	for (size_t i = 0; i < DESTS_MAX && box->dests[i]; i++)
		if (is_dest(box->dests[i]))
			name_list_append(d->arena, &d->dests, box->dests[i]);
}

static void collect_dests(struct drawing *d)
{
	struct name_list *dests = &d->dests;
	for (size_t i = 0; i < d->flow->count; i++)
		collect_box_dests(d, &d->flow->boxes[i]);
	sort_names(dests->items, dests->count);
	d->placed = arena_alloc(d->arena, dests->count * sizeof *d->placed);
}

/* Links lead to the first box of that name. A name that is defined twice would make the file
 * invalid. */
static bool is_new_dest(struct drawing *d, const char *name)
{
	if (!is_dest(name))
		return false;
	const char **found = find_dest(d, name);
	if (!found)
		return false;
	const char **items = d->dests.items;
	size_t first = (size_t)(found - items);
	while (first > 0 && strcmp(items[first - 1], name) == 0)
		first--;
	bool fresh = !d->placed[first];
	d->placed[first] = true;
	return fresh;
}

/* --- text ----------------------------------------------------------------------------------- */

static const struct canvas *canvas_of(const PangoItem *item)
{
	for (const GSList *at = item->analysis.extra_attrs; at; at = at->next) {
		const PangoAttribute *attribute = at->data;
		if (attribute->klass->type == PANGO_ATTR_SHAPE)
			return ((const PangoAttrShape *)attribute)->data;
	}
	return NULL;
}

static double show_run(struct drawing *d,
		const char *text,
		PangoLayoutRun *run,
		double x,
		double baseline)
{
	const struct canvas *canvas = canvas_of(run->item);
	if (!canvas)
		return type_show_run(d->cr, text, run, x, baseline);
	double width = pango_glyph_string_get_width(run->glyphs) / (double)PANGO_SCALE;
	cairo_save(d->cr);
	cairo_translate(d->cr, x, baseline - width * 0.85);
	cairo_scale(d->cr, width / canvas->width, width / canvas->height);
	paint_canvas(d->cr, d->type, d->theme, canvas);
	cairo_restore(d->cr);
	return width;
}

static const struct link *link_of(const struct cell *cell, const PangoItem *item)
{
	for (size_t i = 0; i < cell->link_count; i++) {
		const struct link *link = &cell->links[i];
		if (item->offset >= link->start && item->offset < link->end)
			return link;
	}
	return NULL;
}

static bool begin_link(struct drawing *d, const struct link *link)
{
	char attributes[600];
	int length = 0;
	const char *name = link->target + 1;
	bool inside = *link->target == '#' && is_dest(name);
	if (inside && find_dest(d, name))
		length = snprintf(attributes, sizeof attributes, "dest='%s'", name);
	else if (format_is_link(link->target))
		length = snprintf(attributes, sizeof attributes, "uri='%s'", link->target);
	if (length <= 0 || (size_t)length >= sizeof attributes)
		return false;
	cairo_tag_begin(d->cr, CAIRO_TAG_LINK, attributes);
	return true;
}

/* A line without links is drawn in one go. With links, each part of it becomes a leaf of the
 * structure. */
static void draw_show_line(struct drawing *d,
		const struct cell *cell,
		PangoLayoutLine *line,
		double x,
		double baseline)
{
	const char *text = pango_layout_get_text(cell->layout);
	const struct link *current = NULL;
	bool inside = false, in_span = false;
	type_restore_blank(line, text);
	for (GSList *at = line->runs; at; at = at->next) {
		PangoLayoutRun *run = at->data;
		const struct link *link = link_of(cell, run->item);
		if (inside && link != current) {
			cairo_tag_end(d->cr, CAIRO_TAG_LINK);
			inside = false;
		}
		if (link && link != current) {
			if (in_span)
				draw_end(d);
			in_span = false;
			inside = begin_link(d, link);
		}
		current = link;
		if (cell->link_count && !inside && !in_span && cell->tag) {
			draw_begin(d, "Span");
			in_span = true;
		}
		x += show_run(d, text, run, x, baseline);
	}
	if (inside)
		cairo_tag_end(d->cr, CAIRO_TAG_LINK);
	if (in_span)
		draw_end(d);
}

static void show_lines(struct drawing *d,
		const struct cell *cell,
		int from,
		int to,
		double left,
		double top)
{
	int index = 0, offset = 0;
	PangoLayoutIter *iter = pango_layout_get_iter(cell->layout);
	do {
		PangoRectangle place;
		int line_top, line_bottom;
		pango_layout_iter_get_line_yrange(iter, &line_top, &line_bottom);
		pango_layout_iter_get_line_extents(iter, NULL, &place);
		if (index == from)
			offset = line_top;
		if (index >= from && index < to)
			draw_show_line(d,
					cell,
					pango_layout_iter_get_line(iter),
					left + place.x / (double)PANGO_SCALE,
					top + (pango_layout_iter_get_baseline(iter) - offset) / (double)PANGO_SCALE);
		index++;
	} while (pango_layout_iter_next_line(iter));
	pango_layout_iter_free(iter);
}

/* --- boxes ---------------------------------------------------------------------------------- */

static void draw_fill(const struct drawing *d,
		enum color color,
		double x,
		double y,
		double width,
		double height)
{
	if (color == COLOR_NONE)
		return;
	type_set_color(d->cr, d->theme, color);
	cairo_rectangle(d->cr, x, y, width, height);
	cairo_fill(d->cr);
}

static void draw_cell(struct drawing *d,
		const struct cell *cell,
		const struct placement *item,
		size_t index)
{
	double left = d->margin + cell->x;
	type_set_color(d->cr, d->theme, cell->text);
	if (cell->tag && !item->repeated)
		begin_noted(d, cell->tag, cell->scope);
	show_lines(d,
			cell,
			item->from[index],
			item->to[index],
			left + cell->pad_x + cell->shift,
			item->y + cell->pad_y);
	if (cell->tag && !item->repeated)
		draw_end(d);
}

/* The bar at the left edge reaches up to the box before, unless it begins here. */
static void draw_bar(const struct drawing *d, const struct box *box, const struct placement *item)
{
	const double width = 2.5;
	double reach = box->before * d->sheets->spacing;
	if (box->bar_begins || item->y <= d->sheets->top)
		reach = 0;
	double top = item->y - reach;
	double height = item->height + reach;
	draw_fill(d, box->bar, d->margin, top, width, height);
}

static void draw_grounds(const struct drawing *d,
		const struct box *box,
		const struct placement *item)
{
	for (size_t i = 0; i < box->cell_count; i++) {
		const struct cell *cell = &box->cells[i];
		double left = d->margin + cell->x;
		draw_fill(d, cell->ground, left, item->y, cell->width, item->height);
	}
}

static void draw_rule(const struct drawing *d, const struct box *box, const struct placement *item)
{
	const double thick = 0.5;
	double top = item->y + item->height - thick;
	for (size_t i = 0; i < box->cell_count; i++) {
		const struct cell *cell = &box->cells[i];
		double left = d->margin + cell->x;
		draw_fill(d, COLOR_GRID, left, top, cell->width, thick);
	}
}

static void draw_frame(const struct drawing *d, const struct box *box, const struct placement *item)
{
	const double thick = 1.5;
	double left = d->margin + thick / 2;
	double width = d->flow->width - thick;
	type_set_color(d->cr, d->theme, box->frame);
	cairo_set_line_width(d->cr, thick);
	cairo_rectangle(d->cr, left, item->y, width, item->height);
	cairo_stroke(d->cr);
}

static void draw_row(struct drawing *d, const struct box *box, const struct placement *item)
{
	bool tagged = box->tag && !item->repeated;
	draw_grounds(d, box, item);
	draw_bar(d, box, item);
	if (box->rule)
		draw_rule(d, box, item);
	if (tagged)
		draw_begin(d, box->tag);
	for (size_t i = 0; i < box->cell_count && i < COLUMNS_MAX; i++)
		draw_cell(d, &box->cells[i], item, i);
	if (tagged)
		draw_end(d);
	if (box->frame)
		draw_frame(d, box, item);
}

static void draw_canvas(struct drawing *d, const struct box *box, const struct placement *item)
{
	const char *says = box->canvas->finding;
	if (!says)
		says = box->canvas->title;
	begin_noted(d, box->tag, says);
	cairo_save(d->cr);
	double left = d->margin + box->x;
	cairo_translate(d->cr, left, item->y);
	cairo_scale(d->cr, box->scale, box->scale);
	paint_canvas(d->cr, d->type, d->theme, box->canvas);
	cairo_restore(d->cr);
	draw_end(d);
}

static void add_outline(struct drawing *d, const struct box *box, const char *dest)
{
	char attributes[128];
	int parent = CAIRO_PDF_OUTLINE_ROOT;
	cairo_pdf_outline_flags_t flags = CAIRO_PDF_OUTLINE_FLAG_OPEN;
	if (box->outline > 1) {
		parent = d->outline[box->outline - 1];
		flags = 0;
	}
	(void)snprintf(attributes, sizeof attributes, "dest='%s'", dest);
	int id =
			cairo_pdf_surface_add_outline(d->surface, parent, box->outline_text, attributes, flags);
	for (unsigned level = box->outline; level < OUTLINE_LEVELS; level++)
		d->outline[level] = id;
}

/* Begins a place that links lead to. */
static void begin_dest(struct drawing *d, const char *name)
{
	char attributes[128];
	(void)snprintf(attributes, sizeof attributes, "name='%s'", name);
	cairo_tag_begin(d->cr, CAIRO_TAG_DEST, attributes);
}

/* Begins the places that links and the outline lead to; returns their number. */
static size_t begin_dests(struct drawing *d, const struct box *box, size_t index)
{
	const size_t name_max = 100;
	size_t begun = 0;
	for (size_t i = 0; i < DESTS_MAX && box->dests[i]; i++) {
		const char *name = box->dests[i];
		if (strlen(name) >= name_max || !is_new_dest(d, name))
			continue;
		begin_dest(d, name);
		begun++;
	}
	if (box->outline) {
		char own[32];
		(void)snprintf(own, sizeof own, "box-%zu", index);
		begin_dest(d, own);
		begun++;
		add_outline(d, box, own);
	}
	return begun;
}

static void draw_box(struct drawing *d, const struct placement *item)
{
	const struct box *box = &d->flow->boxes[item->box];
	size_t begun = 0;
	bool first = !item->repeated && item->from[0] == 0;
	if (first)
		begun = begin_dests(d, box, item->box);
	if (box->kind == BOX_ROW)
		draw_row(d, box, item);
	else
		draw_canvas(d, box, item);
	for (; begun > 0; begun--)
		cairo_tag_end(d->cr, CAIRO_TAG_DEST);
}

/* --- pages ---------------------------------------------------------------------------------- */

static void draw_edge(struct drawing *d, const char *text, double baseline, bool right)
{
	const struct theme *theme = d->theme;
	const char *safe = type_safe(d->type, d->arena, text);
	double size = theme->pdf.small;
	const double left_part = 0.76; /* the rest is the time's, or the page's number */
	if (!right)
		safe = canvas_fit(d->arena, safe, size, false, left_part * d->flow->width);
	PangoLayout *layout = type_layout(d->type, safe, size, false, false);
	int width, height;
	pango_layout_get_size(layout, &width, &height);
	double x = theme->pdf.margin;
	if (right)
		x = theme->pdf.page_width - x - width / (double)PANGO_SCALE;
	type_set_color(d->cr, theme, COLOR_INK2);
	type_show(d->type, d->cr, layout, x, baseline);
	g_object_unref(layout);
}

/* The text of a running line; <span class="page-number"> and "page-count" are filled in. */
static void running_text(const struct drawing *d,
		const xmlNode *node,
		size_t page,
		struct text *out)
{
	for (const xmlNode *child = node->children; child; child = child->next) {
		if (child->type == XML_TEXT_NODE && child->content)
			text_add(out, (const char *)child->content);
		else if (node_has_class(child, "page-number"))
			text_addf(out, "%zu", page + 1);
		else if (node_has_class(child, "page-count"))
			text_addf(out, "%zu", d->sheets->pages);
		else if (child->type == XML_ELEMENT_NODE)
			running_text(d, child, page, out);
	}
}

static void draw_running(struct drawing *d, const xmlNode *line, size_t page)
{
	double baseline = d->sheets->top - SHEET_GAP - 5;
	if (node_has_class(line, "foot"))
		baseline = d->sheets->bottom + SHEET_GAP + 9;
	struct text text = {0};
	running_text(d, line, page, &text);
	bool right = node_has_class(line, "right");
	draw_edge(d, text_string(&text), baseline, right);
	text_release(&text);
}

/* Drawn last and outside the structure, so that reading aloud begins with the page's text. */
static void finish_page(struct drawing *d, size_t page)
{
	const double thick = 0.5;
	double head = d->sheets->top - SHEET_GAP;
	double foot = d->sheets->bottom + SHEET_GAP - 4;
	const xmlNode *line = NULL;
	double width = d->flow->width;
	draw_fill(d, COLOR_GRID, d->margin, head, width, thick);
	draw_fill(d, COLOR_GRID, d->margin, foot, width, thick);
	if (d->flow->running)
		line = d->flow->running->children;
	for (; line; line = line->next)
		if (line->type == XML_ELEMENT_NODE)
			draw_running(d, line, page);
	cairo_show_page(d->cr);
}

/* Of what is drawn next: an element that is begun at the end of a page would take in the page's
 * foot. */
static size_t page_of_next(const struct sheets *sheets, size_t index)
{
	const struct box *boxes = sheets->flow->boxes;
	const struct placement *item = sheets->items + index;
	const struct placement *end = sheets->items + sheets->count;
	size_t page = item->page;
	for (; item < end; item++) {
		const struct box *box = boxes + item->box;
		if (box->kind == BOX_ROW)
			return item->page;
		if (box->kind == BOX_CANVAS)
			return item->page;
	}
	return page;
}

static void draw_pages(struct drawing *d)
{
	size_t page = 0;
	draw_begin(d, "Document");
	const struct sheets *sheets = d->sheets;
	for (size_t i = 0; i < sheets->count; i++) {
		const struct placement *item = &sheets->items[i];
		const struct box *box = &d->flow->boxes[item->box];
		size_t own = item->page;
		if (box->kind == BOX_OPEN)
			own = page_of_next(sheets, i);
		while (page < own)
			finish_page(d, page++);
		if (box->kind == BOX_OPEN)
			draw_begin(d, box->tag);
		else if (box->kind == BOX_CLOSE)
			draw_end(d);
		else
			draw_box(d, item);
	}
	while (d->open_count > 1)
		draw_end(d);
	while (page < sheets->pages)
		finish_page(d, page++);
	draw_end(d);
}

void draw_sheets(const struct sheets *sheets, cairo_t *cr, struct drawn *ret_drawn)
{
	const struct flow *flow = sheets->flow;
	struct drawing drawing = {
			.arena = flow->input->arena,
			.theme = flow->input->theme,
			.margin = flow->input->theme->pdf.margin,
			.type = flow->type,
			.flow = flow,
			.sheets = sheets,
			.cr = cr,
			.surface = cairo_get_target(cr),
			.drawn = ret_drawn,
	};
	collect_dests(&drawing);
	draw_pages(&drawing);
}
