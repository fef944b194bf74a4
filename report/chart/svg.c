/* The SVG writer. Escapes every text; ids carry the name of the drawing. */
#include "report/chart/svg.h"

#include <math.h>
#include <string.h>

enum { FONT_SIZE = 12 }; /* of a drawing's texts that say no other */

void svg_escape(const char *text, struct text *out)
{
	for (; *text; text++) {
		unsigned char byte = (unsigned char)*text;
		if (byte == '&')
			text_add(out, "&amp;");
		else if (byte == '<')
			text_add(out, "&lt;");
		else if (byte == '>')
			text_add(out, "&gt;");
		else if (byte == '"')
			text_add(out, "&quot;");
		else if (byte < 0x20 && byte != '\n' && byte != '\t')
			text_add(out, "\xEF\xBF\xBD");
		else
			text_add_bytes(out, text, 1);
	}
}

void svg_number(double value, struct text *out)
{
	if (!isfinite(value) || fabs(value) > 1e7)
		value = 0;
	long tenths = lround(fabs(value) * 10); /* of a pixel */
	text_addf(out, "%s%ld", value < 0 && tenths > 0 ? "-" : "", tenths / 10);
	if (tenths % 10)
		text_addf(out, ".%ld", tenths % 10);
}

static void attribute(struct text *out, const char *name, double value)
{
	text_addf(out, " %s=\"", name);
	svg_number(value, out);
	text_add(out, "\"");
}

/* fill, stroke and the classes that override them. */
static void paint(const struct op *op, const struct theme *theme, struct text *out)
{
	enum color stroke = op->halo ? COLOR_BG : op->stroke;
	if (op->fill || stroke) {
		text_add(out, " class=\"");
		if (op->fill)
			text_addf(out, "f-%s", color_names[op->fill]);
		if (stroke)
			text_addf(out, "%ss-%s", op->fill ? " " : "", color_names[stroke]);
		text_add(out, "\"");
	}
	if (op->fill)
		text_addf(out, " fill=\"#%06x\"", theme->light[op->fill]);
	else if (op->kind == OP_POLY || op->kind == OP_CIRCLE)
		text_add(out, " fill=\"none\"");
	if (stroke) {
		text_addf(out, " stroke=\"#%06x\"", theme->light[stroke]);
		attribute(out, "stroke-width", op->halo ? 4 : op->stroke_width);
	}
	if (op->dashed)
		text_add(out, " stroke-dasharray=\"4 3\"");
}

static void write_text(const struct op *op, const struct theme *theme, struct text *out)
{
	static const char *const anchors[] = {
		[ANCHOR_START] = "", [ANCHOR_MIDDLE] = " text-anchor=\"middle\"", [ANCHOR_END] = " text-anchor=\"end\""};
	text_add(out, "<text");
	attribute(out, "x", op->x);
	attribute(out, "y", op->y);
	if (op->w < FONT_SIZE || op->w > FONT_SIZE)
		attribute(out, "font-size", op->w);
	text_add(out, anchors[op->anchor]);
	if (op->bold)
		text_add(out, " font-weight=\"700\"");
	if (op->halo)
		text_add(out, " paint-order=\"stroke\" stroke-linejoin=\"round\"");
	paint(op, theme, out);
	text_add(out, ">");
	svg_escape(op->text, out);
	text_add(out, "</text>");
}

static void write_poly(const struct op *op, const struct theme *theme, struct text *out)
{
	text_addf(out, "<%s points=\"", op->closed ? "polygon" : "polyline");
	for (size_t i = 0; i < 2 * op->point_count; i++) {
		text_add(out, i == 0 ? "" : i % 2 ? "," : " ");
		svg_number(op->points[i], out);
	}
	text_add(out, "\"");
	paint(op, theme, out);
	if (op->stroke)
		text_add(out, " stroke-linejoin=\"round\" stroke-linecap=\"round\"");
	text_add(out, "/>");
}

static void write_shape(const struct op *op, const struct theme *theme, struct text *out)
{
	static const char *const names[][5] = {
		[OP_RECT] = {"rect", "x", "y", "width", "height"},
		[OP_LINE] = {"line", "x1", "y1", "x2", "y2"},
		[OP_CIRCLE] = {"circle", "cx", "cy", "r", NULL},
	};
	const char *const *name = names[op->kind];
	const double values[] = {op->x, op->y, op->w, op->h};
	text_addf(out, "<%s", name[0]);
	for (size_t i = 0; i < 4 && name[i + 1]; i++)
		attribute(out, name[i + 1], values[i]);
	paint(op, theme, out);
	text_add(out, "/>");
}

static void write_head(const struct canvas *canvas, struct text *out)
{
	text_add(out, "<svg xmlns=\"http://www.w3.org/2000/svg\"");
	attribute(out, "width", canvas->width);
	attribute(out, "height", canvas->height);
	text_add(out, " viewBox=\"0 0 ");
	svg_number(canvas->width, out);
	text_add(out, " ");
	svg_number(canvas->height, out);
	if (!canvas->title) {
		text_add(out, "\" class=\"mark\" aria-hidden=\"true\">");
		return;
	}
	text_addf(out, "\" class=\"chart\" font-family=\"system-ui, sans-serif\" font-size=\"%d\" role=\"img\" "
	          "aria-labelledby=\"%s-title\" aria-describedby=\"%s-desc\">\n<title id=\"%s-title\">",
	          FONT_SIZE, canvas->name, canvas->name,
	          canvas->name);
	svg_escape(canvas->title, out);
	text_addf(out, "</title><desc id=\"%s-desc\">", canvas->name);
	svg_escape(canvas->finding ? canvas->finding : "", out);
	text_add(out, "</desc>\n");
}

void svg_write(const struct canvas *canvas, const struct theme *theme, struct text *out)
{
	write_head(canvas, out);
	for (size_t i = 0; i < canvas->count; i++) {
		const struct op *op = &canvas->ops[i];
		if (op->kind == OP_TEXT)
			write_text(op, theme, out);
		else if (op->kind == OP_POLY)
			write_poly(op, theme, out);
		else
			write_shape(op, theme, out);
		if (canvas->title)
			text_add(out, "\n");
	}
	text_add(out, "</svg>");
}
