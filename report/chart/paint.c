/* The cairo painter. Solid fills and strokes only: nothing that makes a PDF fall back to pixels. */
#include "report/chart/paint.h"

#include <math.h>
#include <string.h>

struct painter {
	cairo_t *cr;
	const struct type *type;
	const struct theme *theme;
	struct arena *arena;
};

static void fill_and_stroke(const struct painter *painter, const struct op *op)
{
	if (op->fill) {
		type_set_color(painter->cr, painter->theme, op->fill);
		if (op->stroke)
			cairo_fill_preserve(painter->cr);
		else
			cairo_fill(painter->cr);
	}
	if (op->stroke) {
		const double dashes[] = {4, 3};
		type_set_color(painter->cr, painter->theme, op->stroke);
		cairo_set_line_width(painter->cr, op->stroke_width);
		cairo_set_dash(painter->cr, dashes, op->dashed ? 2 : 0, 0);
		cairo_stroke(painter->cr);
	}
	cairo_new_path(painter->cr);
}

static void paint_trace(const struct painter *painter, const struct op *op)
{
	cairo_t *cr = painter->cr;
	cairo_new_path(cr); /* text leaves a current point behind */
	bool round = op->kind == OP_POLY && !op->dashed;
	cairo_set_line_cap(cr, round ? CAIRO_LINE_CAP_ROUND : CAIRO_LINE_CAP_BUTT);
	cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
	if (op->kind == OP_RECT) {
		cairo_rectangle(cr, op->x, op->y, op->w, op->h);
	} else if (op->kind == OP_LINE) {
		cairo_move_to(cr, op->x, op->y);
		cairo_line_to(cr, op->w, op->h);
	} else if (op->kind == OP_CIRCLE) {
		cairo_new_sub_path(cr);
		cairo_arc(cr, op->x, op->y, op->w, 0, 2 * G_PI);
	} else {
		for (size_t i = 0; i < op->point_count; i++)
			cairo_line_to(cr, op->points[2 * i], op->points[2 * i + 1]);
		if (op->closed)
			cairo_close_path(cr);
	}
}

static void show_text(const struct painter *painter, const struct op *op)
{
	const char *text = type_safe(painter->type, painter->arena, op->text);
	PangoLayout *layout = type_layout(painter->type, text, op->w, op->bold, false);
	int width_units, height_units;
	pango_layout_get_size(layout, &width_units, &height_units);
	double width = width_units / (double)PANGO_SCALE;
	double x = op->x -
			(op->anchor == ANCHOR_MIDDLE               ? width / 2
							: op->anchor == ANCHOR_END ? width
													   : 0);
	if (op->halo) {
		type_set_color(painter->cr, painter->theme, COLOR_BG);
		cairo_rectangle(painter->cr, x - 2, op->y - op->w * 0.85, width + 4, op->w * 1.15);
		cairo_fill(painter->cr);
	}
	type_set_color(painter->cr, painter->theme, op->fill);
	type_show(painter->type, painter->cr, layout, x, op->y);
	g_object_unref(layout);
}

/* cairo_image_surface_create_from_png_stream's source: the bytes left. */
struct reader {
	const char *at;
	size_t left;
};

static cairo_status_t read_some(void *closure, unsigned char *out, unsigned count)
{
	struct reader *reader = closure;
	if (count > reader->left)
		return CAIRO_STATUS_READ_ERROR;
	memcpy(out, reader->at, count);
	reader->at += count;
	reader->left -= count;
	return CAIRO_STATUS_SUCCESS;
}

/* The image on the paper's color: transparency would cost the PDF a mask. */
static cairo_surface_t *flatten(const struct painter *painter, cairo_surface_t *image)
{
	cairo_surface_t *flat = cairo_image_surface_create(CAIRO_FORMAT_RGB24,
			cairo_image_surface_get_width(image),
			cairo_image_surface_get_height(image));
	cairo_t *cr = cairo_create(flat);
	type_set_color(cr, painter->theme, COLOR_BG);
	cairo_paint(cr);
	cairo_set_source_surface(cr, image, 0, 0);
	cairo_paint(cr);
	cairo_destroy(cr);
	cairo_surface_destroy(image);
	return flat;
}

/* What is no sound PNG leaves its place empty. */
static void show_image(const struct painter *painter, const struct op *op)
{
	struct reader reader = {op->text, op->size};
	cairo_surface_t *image = cairo_image_surface_create_from_png_stream(read_some, &reader);
	if (cairo_surface_status(image) == CAIRO_STATUS_SUCCESS) {
		image = flatten(painter, image);
		cairo_save(painter->cr);
		/* Seen with cairo 1.16: an image as the first thing on a page breaks the nesting of tags.
		 */
		type_set_color(painter->cr, painter->theme, COLOR_BG);
		cairo_rectangle(painter->cr, op->x, op->y, op->w, op->h);
		cairo_fill(painter->cr);
		cairo_translate(painter->cr, op->x, op->y);
		cairo_scale(painter->cr,
				op->w / cairo_image_surface_get_width(image),
				op->h / cairo_image_surface_get_height(image));
		cairo_set_source_surface(painter->cr, image, 0, 0);
		cairo_paint(painter->cr);
		cairo_restore(painter->cr);
	}
	cairo_surface_destroy(image);
}

void paint_canvas(cairo_t *cr,
		const struct type *type,
		const struct theme *theme,
		const struct canvas *canvas)
{
	struct painter painter = {.cr = cr, .type = type, .theme = theme, .arena = canvas->arena};
	cairo_save(cr);
	for (size_t i = 0; i < canvas->count; i++) {
		if (canvas->ops[i].kind == OP_TEXT) {
			show_text(&painter, &canvas->ops[i]);
		} else if (canvas->ops[i].kind == OP_IMAGE) {
			show_image(&painter, &canvas->ops[i]);
		} else {
			paint_trace(&painter, &canvas->ops[i]);
			fill_and_stroke(&painter, &canvas->ops[i]);
		}
	}
	cairo_restore(cr);
}
