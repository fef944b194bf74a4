/* The SVG writer. Escapes every text; ids carry the name of the drawing. */
#include "report/chart/svg.h"

#include <math.h>
#include <string.h>

#include "report/chart/svg_order.h"

enum {
	FONT_SIZE = 13
}; /* of a drawing's texts that say no other */

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
	long tenths = lround(fabs(value) * 10);
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
	if (op->fill || stroke || op->tick) {
		text_add(out, op->tick ? " class=\"tick " : " class=\"");
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
		double width = op->halo ? 4 : op->stroke_width;
		if (width < 1 || width > 1) /* 1 is what SVG takes */
			attribute(out, "stroke-width", width);
	}
	if (op->dashed)
		text_add(out, " stroke-dasharray=\"4 3\"");
}

static void text_style(const struct op *op, const struct theme *theme, struct text *out)
{
	static const char *const anchors[] = {[ANCHOR_START] = "",
			[ANCHOR_MIDDLE] = " text-anchor=\"middle\"",
			[ANCHOR_END] = " text-anchor=\"end\""};
	if (op->w < FONT_SIZE || op->w > FONT_SIZE)
		attribute(out, "font-size", op->w);
	text_add(out, anchors[op->anchor]);
	if (op->bold)
		text_add(out, " font-weight=\"700\"");
	if (op->halo)
		text_add(out, " paint-order=\"stroke\" stroke-linejoin=\"round\"");
	paint(op, theme, out);
}

/* Texts of one style share a group. */
static void write_texts(const struct op *ops,
		size_t count,
		const struct theme *theme,
		struct text *out)
{
	if (count > 1) {
		text_add(out, "<g");
		text_style(ops, theme, out);
		text_add(out, ">");
	}
	for (size_t i = 0; i < count; i++) {
		text_add(out, "<text");
		attribute(out, "x", ops[i].x);
		attribute(out, "y", ops[i].y);
		if (count == 1)
			text_style(ops, theme, out);
		text_add(out, ">");
		svg_escape(ops[i].text, out);
		text_add(out, "</text>");
	}
	text_add(out, count > 1 ? "</g>" : "");
}

static void coordinate(struct text *out, const char *before, double value)
{
	text_add(out, before);
	svg_number(value, out);
}

/* A point of a line. Most lines are stairs, whose steps need one number each. */
static void trace_to(const double *from, const double *to, struct text *out)
{
	if (to[1] == from[1]) {
		coordinate(out, "H", to[0]);
	} else if (to[0] == from[0]) {
		coordinate(out, "V", to[1]);
	} else {
		coordinate(out, "L", to[0]);
		coordinate(out, " ", to[1]);
	}
}

static void trace_poly(const struct op *op, struct text *out)
{
	if (op->point_count == 0)
		return;
	coordinate(out, "M", op->points[0]);
	coordinate(out, " ", op->points[1]);
	for (size_t i = 1; i < op->point_count; i++)
		trace_to(op->points + 2 * (i - 1), op->points + 2 * i, out);
	if (op->closed)
		text_add(out, "z");
}

static void svg_trace(const struct op *op, struct text *out)
{
	double x = op->x, y = op->y;
	if (op->kind == OP_POLY) {
		trace_poly(op, out);
		return;
	}
	coordinate(out, "M", x);
	coordinate(out, " ", y);
	if (op->kind == OP_RECT) {
		coordinate(out, "H", x + op->w);
		coordinate(out, "V", y + op->h);
		coordinate(out, "H", x);
		text_add(out, "z");
	} else if (x == op->w || y == op->h) {
		coordinate(out, x == op->w ? "V" : "H", x == op->w ? op->h : op->w);
	} else {
		coordinate(out, "L", op->w);
		coordinate(out, " ", op->h);
	}
}

/* Shapes of one style share a path. */
static void write_shapes(const struct op *ops,
		size_t count,
		const struct theme *theme,
		struct text *out)
{
	text_add(out, "<path d=\"");
	for (size_t i = 0; i < count; i++)
		svg_trace(&ops[i], out);
	text_add(out, "\"");
	paint(ops, theme, out);
	if (ops->kind == OP_POLY && ops->stroke && !ops->dashed)
		text_add(out, " stroke-linejoin=\"round\" stroke-linecap=\"round\"");
	text_add(out, "/>");
}

static void write_circles(const struct op *ops,
		size_t count,
		const struct theme *theme,
		struct text *out)
{
	if (count > 1) {
		text_add(out, "<g");
		paint(ops, theme, out);
		text_add(out, ">");
	}
	for (size_t i = 0; i < count; i++) {
		text_add(out, "<circle");
		attribute(out, "cx", ops[i].x);
		attribute(out, "cy", ops[i].y);
		attribute(out, "r", ops[i].w);
		if (count == 1)
			paint(ops, theme, out);
		text_add(out, "/>");
	}
	text_add(out, count > 1 ? "</g>" : "");
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
	text_addf(out,
			"\" class=\"chart\" font-family=\"system-ui, sans-serif\" font-size=\"%d\" "
			"role=\"img\" "
			"aria-labelledby=\"%s-title\" aria-describedby=\"%s-desc\">\n<title id=\"%s-title\">",
			FONT_SIZE,
			canvas->name,
			canvas->name,
			canvas->name);
	svg_escape(canvas->title, out);
	text_addf(out, "</title><desc id=\"%s-desc\">", canvas->name);
	svg_escape(canvas->finding ? canvas->finding : "", out);
	text_add(out, "</desc>\n");
}

void svg_write(const struct canvas *canvas, const struct theme *theme, struct text *out)
{
	const struct op *ops = svg_order(canvas);
	write_head(canvas, out);
	for (size_t i = 0, count; i < canvas->count; i += count) {
		const struct op *op = &ops[i];
		for (count = 1; i + count < canvas->count && svg_same_style(op, &ops[i + count]);)
			count++;
		if (op->kind == OP_IMAGE)
			continue;
		if (op->kind == OP_TEXT)
			write_texts(op, count, theme, out);
		else if (op->kind == OP_CIRCLE)
			write_circles(op, count, theme, out);
		else
			write_shapes(op, count, theme, out);
		if (canvas->title)
			text_add(out, "\n");
	}
	text_add(out, "</svg>");
}
