/* Draws the placed boxes with cairo: text with its structure, links, outline, header and footer. */
#include "report/render/pdf.h"

#include <cairo-pdf.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "report/chart/chart.h"
#include "report/chart/paint.h"
#include "report/render/format.h"
#include "report/render/sheet.h"
#include "report/write/view.h"

enum { TAGS_MAX = 32, OUTLINE_LEVELS = 4, HEADER_GAP = 14 };

struct drawing {
	const struct pdf_input *input;
	const struct type *type;
	const struct flow *flow;
	const struct sheets *sheets;
	cairo_surface_t *surface;
	cairo_t *cr;
	const char *open[TAGS_MAX]; /* structure is begun and ended here only, so that it is balanced */
	size_t open_count;
	int outline[OUTLINE_LEVELS];
};

static void begin(struct drawing *d, const char *tag)
{
	if (d->open_count < TAGS_MAX)
		cairo_tag_begin(d->cr, tag, NULL);
	d->open[d->open_count < TAGS_MAX ? d->open_count : TAGS_MAX - 1] = tag;
	d->open_count++;
}

static void end(struct drawing *d)
{
	d->open_count--;
	if (d->open_count < TAGS_MAX)
		cairo_tag_end(d->cr, d->open[d->open_count]);
}

/* Names go into the file as they are: nothing but these bytes. */
static bool is_dest(const char *name)
{
	return *name && name[strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-")] == '\0';
}

static bool has_dest(const struct flow *flow, const char *name)
{
	for (size_t i = 0; i < flow->count; i++)
		for (size_t j = 0; j < DESTS_MAX; j++)
			if (flow->boxes[i].dests[j] && strcmp(flow->boxes[i].dests[j], name) == 0)
				return true;
	return false;
}

/* --- text --------------------------------------------------------------------------------------- */

static const struct canvas *canvas_of(const PangoItem *item)
{
	for (const GSList *at = item->analysis.extra_attrs; at; at = at->next) {
		const PangoAttribute *attribute = at->data;
		if (attribute->klass->type == PANGO_ATTR_SHAPE)
			return ((const PangoAttrShape *)attribute)->data;
	}
	return NULL;
}

static double show_run(struct drawing *d, const char *text, PangoLayoutRun *run, double x, double baseline)
{
	const struct canvas *canvas = canvas_of(run->item);
	if (!canvas)
		return type_show_run(d->cr, text, run, x, baseline);
	double width = pango_glyph_string_get_width(run->glyphs) / (double)PANGO_SCALE;
	cairo_save(d->cr);
	cairo_translate(d->cr, x, baseline - width * 0.85);
	cairo_scale(d->cr, width / canvas->width, width / canvas->height);
	paint_canvas(d->cr, d->type, d->input->theme, canvas);
	cairo_restore(d->cr);
	return width;
}

static const struct link *link_of(const struct cell *cell, const PangoItem *item)
{
	for (size_t i = 0; i < cell->link_count; i++)
		if (item->offset >= cell->links[i].start && item->offset < cell->links[i].end)
			return &cell->links[i];
	return NULL;
}

static bool begin_link(struct drawing *d, const struct link *link)
{
	char attributes[600];
	int length = 0;
	if (*link->target == '#' && is_dest(link->target + 1) && has_dest(d->flow, link->target + 1))
		length = snprintf(attributes, sizeof attributes, "dest='%s'", link->target + 1);
	else if (format_is_link(link->target))
		length = snprintf(attributes, sizeof attributes, "uri='%s'", link->target);
	if (length <= 0 || (size_t)length >= sizeof attributes)
		return false;
	cairo_tag_begin(d->cr, CAIRO_TAG_LINK, attributes);
	return true;
}

/* A line of a cell without links is drawn in one go; with links each part is a leaf of the structure. */
static void show_line(struct drawing *d, const struct cell *cell, PangoLayoutLine *line, double x, double baseline)
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
				end(d);
			in_span = false;
			inside = begin_link(d, link);
		}
		current = link;
		if (cell->link_count && !inside && !in_span && cell->tag) {
			begin(d, "Span");
			in_span = true;
		}
		x += show_run(d, text, run, x, baseline);
	}
	if (inside)
		cairo_tag_end(d->cr, CAIRO_TAG_LINK);
	if (in_span)
		end(d);
}

static void show_lines(struct drawing *d, const struct cell *cell, int from, int to, double left, double top)
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
			show_line(d, cell, pango_layout_iter_get_line(iter), left + place.x / (double)PANGO_SCALE,
			          top + (pango_layout_iter_get_baseline(iter) - offset) / (double)PANGO_SCALE);
		index++;
	} while (pango_layout_iter_next_line(iter));
	pango_layout_iter_free(iter);
}

/* --- boxes -------------------------------------------------------------------------------------- */

static void fill(const struct drawing *d, enum color color, double x, double y, double width, double height)
{
	if (color == COLOR_NONE)
		return;
	type_set_color(d->cr, d->input->theme, color);
	cairo_rectangle(d->cr, x, y, width, height);
	cairo_fill(d->cr);
}

static void draw_cell(struct drawing *d, const struct cell *cell, const struct placement *item, size_t index)
{
	double left = d->input->theme->pdf.margin + cell->x;
	type_set_color(d->cr, d->input->theme, cell->text);
	if (cell->tag && !item->repeated)
		begin(d, cell->tag);
	show_lines(d, cell, item->from[index], item->to[index], left + cell->pad_x, item->y + cell->pad_y);
	if (cell->tag && !item->repeated)
		end(d);
}

static void draw_row(struct drawing *d, const struct box *box, const struct placement *item)
{
	double margin = d->input->theme->pdf.margin;
	for (size_t i = 0; i < box->cell_count; i++)
		fill(d, box->cells[i].ground, margin + box->cells[i].x, item->y, box->cells[i].width, item->height);
	double reach = box->bar_begins || item->y <= d->sheets->top ? 0 : box->before;
	fill(d, box->bar, margin, item->y - reach, 2.5, item->height + reach);
	for (size_t i = 0; box->rule && i < box->cell_count; i++)
		fill(d, COLOR_GRID, margin + box->cells[i].x, item->y + item->height - 0.5, box->cells[i].width, 0.5);
	if (box->tag && !item->repeated)
		begin(d, box->tag);
	for (size_t i = 0; i < box->cell_count && i < COLUMNS_MAX; i++)
		draw_cell(d, &box->cells[i], item, i);
	if (box->tag && !item->repeated)
		end(d);
	if (box->frame) {
		type_set_color(d->cr, d->input->theme, box->frame);
		cairo_set_line_width(d->cr, 1.5);
		cairo_rectangle(d->cr, margin + 0.75, item->y, d->flow->width - 1.5, item->height);
		cairo_stroke(d->cr);
	}
}

static void draw_canvas(struct drawing *d, const struct box *box, const struct placement *item)
{
	begin(d, box->tag);
	cairo_save(d->cr);
	cairo_translate(d->cr, d->input->theme->pdf.margin + box->x, item->y);
	cairo_scale(d->cr, box->scale, box->scale);
	paint_canvas(d->cr, d->type, d->input->theme, box->canvas);
	cairo_restore(d->cr);
	end(d);
}

static void add_outline(struct drawing *d, const struct box *box, const char *dest)
{
	char attributes[128];
	int parent = box->outline > 1 ? d->outline[box->outline - 1] : CAIRO_PDF_OUTLINE_ROOT;
	(void)snprintf(attributes, sizeof attributes, "dest='%s'", dest);
	int id = cairo_pdf_surface_add_outline(d->surface, parent, box->outline_text, attributes,
	                                       box->outline == 1 ? CAIRO_PDF_OUTLINE_FLAG_OPEN : 0);
	for (unsigned level = box->outline; level < OUTLINE_LEVELS; level++)
		d->outline[level] = id;
}

/* Places that links and the outline lead to are marked around the box. */
static void draw_box(struct drawing *d, const struct placement *item)
{
	const struct box *box = &d->flow->boxes[item->box];
	size_t marked = 0;
	char attributes[128], own[32];
	bool first = !item->repeated && item->from[0] == 0;
	for (size_t i = 0; first && i < DESTS_MAX && box->dests[i]; i++)
		if (is_dest(box->dests[i]) && strlen(box->dests[i]) < 100) {
			(void)snprintf(attributes, sizeof attributes, "name='%s'", box->dests[i]);
			cairo_tag_begin(d->cr, CAIRO_TAG_DEST, attributes);
			marked++;
		}
	if (first && box->outline) {
		(void)snprintf(own, sizeof own, "box-%zu", item->box);
		(void)snprintf(attributes, sizeof attributes, "name='%s'", own);
		cairo_tag_begin(d->cr, CAIRO_TAG_DEST, attributes);
		marked++;
		add_outline(d, box, own);
	}
	if (box->kind == BOX_ROW)
		draw_row(d, box, item);
	else
		draw_canvas(d, box, item);
	while (marked-- > 0)
		cairo_tag_end(d->cr, CAIRO_TAG_DEST);
}

/* --- pages -------------------------------------------------------------------------------------- */

static void draw_edge(struct drawing *d, const char *text, double baseline, bool right)
{
	const struct theme *theme = d->input->theme;
	PangoLayout *layout = type_layout(d->type, type_safe(d->type, d->input->arena, text), theme->pdf.small, false, false);
	int width, height;
	pango_layout_get_size(layout, &width, &height);
	double x = right ? theme->pdf.page_width - theme->pdf.margin - width / (double)PANGO_SCALE : theme->pdf.margin;
	type_set_color(d->cr, theme, COLOR_INK2);
	type_show(d->type, d->cr, layout, x, baseline);
	g_object_unref(layout);
}

static const char *shown(const struct pdf_input *input, const char *path, const char *formatter)
{
	struct formatted value = {.arena = input->arena, .node = view_get(input->root, path), .argument = ""};
	return format_find(formatter, strlen(formatter))->format(&value);
}

/* Drawn last and outside the structure, so that reading aloud begins with the page's text. */
static void finish_page(struct drawing *d, size_t page)
{
	const struct pdf_input *in = d->input;
	struct arena *arena = in->arena;
	double margin = in->theme->pdf.margin, foot = in->theme->pdf.page_height - margin + 4;
	fill(d, COLOR_GRID, margin, d->sheets->top - HEADER_GAP, d->flow->width, 0.5);
	fill(d, COLOR_GRID, margin, d->sheets->bottom + HEADER_GAP - 4, d->flow->width, 0.5);
	draw_edge(d, arena_printf(arena, "Capacity audit · %s · %s", view_text(arena, in->root, "host.name", 40),
	                          shown(in, "verdict", "upper")), d->sheets->top - HEADER_GAP - 5, false);
	draw_edge(d, shown(in, "created", "time"), d->sheets->top - HEADER_GAP - 5, true);
	draw_edge(d, arena_printf(arena, "headroom %s · facts sha256:%s", view_text(arena, in->root, "tool.version", 20),
	                          shown(in, "digest.facts", "digest")), foot + 6, false);
	draw_edge(d, arena_printf(arena, "Page %zu of %zu", page + 1, d->sheets->pages), foot + 6, true);
	cairo_show_page(d->cr);
}

static void draw_pages(struct drawing *d)
{
	size_t page = 0;
	begin(d, "Document");
	for (size_t i = 0; i < d->sheets->count; i++) {
		const struct placement *item = &d->sheets->items[i];
		const struct box *box = &d->flow->boxes[item->box];
		while (page < item->page)
			finish_page(d, page++);
		if (box->kind == BOX_OPEN)
			begin(d, box->tag);
		else if (box->kind == BOX_CLOSE)
			end(d);
		else
			draw_box(d, item);
	}
	while (d->open_count > 1)
		end(d);
	while (page < d->sheets->pages)
		finish_page(d, page++);
	end(d);
}

/* --- the file ----------------------------------------------------------------------------------- */

/* A date that depends on the content only: SOURCE_DATE_EPOCH, else the document's. */
static const char *creation_date(const struct pdf_input *input)
{
	const char *epoch = getenv("SOURCE_DATE_EPOCH");
	char date[32];
	time_t seconds = epoch ? (time_t)strtoimax(epoch, NULL, 10) : 0;
	struct tm utc;
	if (epoch && *epoch && epoch[strspn(epoch, "0123456789")] == '\0' && gmtime_r(&seconds, &utc) &&
	    strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%SZ", &utc))
		return arena_strdup(input->arena, date);
	return view_text(input->arena, input->root, "created", 30);
}

static void set_metadata(const struct pdf_input *input, cairo_surface_t *surface)
{
	struct arena *arena = input->arena;
	const char *date = creation_date(input);
	cairo_pdf_surface_restrict_to_version(surface, CAIRO_PDF_VERSION_1_4);
	cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE,
	                               arena_printf(arena, "%s: capacity audit of %s", shown(input, "verdict", "upper"),
	                                            view_text(arena, input->root, "host.name", 80)));
	cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_SUBJECT,
	                               view_text(arena, input->root, "headline", 300));
	cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATOR,
	                               arena_printf(arena, "headroom %s", view_text(arena, input->root, "tool.version", 20)));
	cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, date);
	cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_MOD_DATE, date);
}

static cairo_status_t take_bytes(void *closure, const unsigned char *bytes, unsigned length)
{
	text_add_bytes(closure, (const char *)bytes, length);
	return CAIRO_STATUS_SUCCESS;
}

static bool draw_document(const struct pdf_input *input, const struct type *type, struct text *out, struct error *err)
{
	const struct theme *theme = input->theme;
	struct flow flow = {.input = input, .type = type, .arena = input->arena,
	                    .width = theme->pdf.page_width - 2 * theme->pdf.margin};
	flow_build(&flow);
	struct sheets sheets = {.arena = input->arena, .flow = &flow, .top = theme->pdf.margin + 12,
	                        .bottom = theme->pdf.page_height - theme->pdf.margin - HEADER_GAP};
	sheets_place(&sheets);
	cairo_surface_t *surface =
		cairo_pdf_surface_create_for_stream(take_bytes, out, theme->pdf.page_width, theme->pdf.page_height);
	set_metadata(input, surface);
	struct drawing drawing = {.input = input, .type = type, .flow = &flow, .sheets = &sheets, .surface = surface,
	                          .cr = cairo_create(surface)};
	draw_pages(&drawing);
	cairo_status_t status = cairo_status(drawing.cr);
	cairo_destroy(drawing.cr);
	if (status == CAIRO_STATUS_SUCCESS) { /* finishing a broken surface may abort */
		cairo_surface_finish(surface);
		status = cairo_surface_status(surface);
	}
	cairo_surface_destroy(surface);
	flow_release(&flow);
	return status == CAIRO_STATUS_SUCCESS || error_fail(err, "cairo: %s", cairo_status_to_string(status));
}

bool pdf_write(const struct pdf_input *input, struct text *out, struct error *err)
{
	struct type *type = type_open(input->font_dir, err);
	if (!type)
		return false;
	bool done = draw_document(input, type, out, err);
	type_close(type);
	return done;
}

bool pdf_write_png(const struct pdf_input *input, struct text *out, struct error *err)
{
	const double scale = 2, border = 16;
	if (!view_array(input->root, "page.charts.ladder.rows"))
		return error_fail(err, "there is no ladder of limits to draw: the audit had no workload");
	struct type *type = type_open(input->font_dir, err);
	if (!type)
		return false;
	const struct canvas *canvas = chart_find("ladder")->draw(input->arena, input->root, NULL);
	cairo_surface_t *surface =
		cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)(scale * (canvas->width + 2 * border)),
	                                   (int)(scale * (canvas->height + 2 * border)));
	cairo_t *cr = cairo_create(surface);
	cairo_scale(cr, scale, scale);
	type_set_color(cr, input->theme, COLOR_BG);
	cairo_paint(cr);
	cairo_translate(cr, border, border);
	paint_canvas(cr, type, input->theme, canvas);
	cairo_destroy(cr);
	cairo_status_t status = cairo_surface_write_to_png_stream(surface, take_bytes, out);
	cairo_surface_destroy(surface);
	type_close(type);
	return status == CAIRO_STATUS_SUCCESS || error_fail(err, "cairo: %s", cairo_status_to_string(status));
}
