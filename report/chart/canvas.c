/* The display list and the shapes of the statuses, drawn as paths: fonts often lack them. */
#include "report/chart/canvas.h"

#include <string.h>

#include "base/array.h"

const char *const color_names[COLORS] = {
		[COLOR_NONE] = "none",
		[COLOR_BG] = "bg",
		[COLOR_PANEL] = "panel",
		[COLOR_INK] = "ink",
		[COLOR_INK2] = "ink2",
		[COLOR_GRID] = "grid",
		[COLOR_BAND] = "band",
		[COLOR_BAND2] = "band2",
		[COLOR_PASS] = "pass",
		[COLOR_WARN] = "warn",
		[COLOR_FAIL] = "fail",
		[COLOR_PASS2] = "pass2",
		[COLOR_WARN2] = "warn2",
		[COLOR_FAIL2] = "fail2",
		[COLOR_PASS3] = "pass3",
		[COLOR_FAIL3] = "fail3",
		[COLOR_S1] = "s1",
		[COLOR_S2] = "s2",
		[COLOR_S4] = "s4",
};

struct canvas *canvas_new(struct arena *arena, const char *name, double width, double height)
{
	struct canvas *canvas = arena_alloc(arena, sizeof *canvas);
	*canvas = (struct canvas){.arena = arena, .name = name, .width = width, .height = height};
	return canvas;
}

static struct op *canvas_add(struct canvas *canvas, struct op op)
{
	canvas->ops =
			arena_grow(canvas->arena, canvas->ops, canvas->count, &canvas->capacity, sizeof op);
	canvas->ops[canvas->count] = op;
	return &canvas->ops[canvas->count++];
}

void canvas_rect(struct canvas *canvas, double x, double y, double w, double h, enum color fill)
{
	canvas_add(canvas, (struct op){.kind = OP_RECT, .x = x, .y = y, .w = w, .h = h, .fill = fill});
}

void canvas_line(struct canvas *canvas,
		double x1,
		double y1,
		double x2,
		double y2,
		enum color stroke,
		double width,
		bool dashed)
{
	canvas_add(canvas,
			(struct op){.kind = OP_LINE,
					.x = x1,
					.y = y1,
					.w = x2,
					.h = y2,
					.stroke = stroke,
					.stroke_width = width,
					.dashed = dashed});
}

void canvas_poly(struct canvas *canvas,
		const double *points,
		size_t count,
		bool closed,
		enum color fill,
		enum color stroke,
		double width)
{
	double *copy = arena_alloc(canvas->arena, 2 * count * sizeof *copy);
	memcpy(copy, points, 2 * count * sizeof *copy);
	canvas_add(canvas,
			(struct op){.kind = OP_POLY,
					.points = copy,
					.point_count = count,
					.closed = closed,
					.fill = fill,
					.stroke = stroke,
					.stroke_width = width});
}

void canvas_circle(struct canvas *canvas,
		double x,
		double y,
		double radius,
		enum color fill,
		enum color stroke)
{
	canvas_add(canvas,
			(struct op){.kind = OP_CIRCLE,
					.x = x,
					.y = y,
					.w = radius,
					.fill = fill,
					.stroke = stroke,
					.stroke_width = stroke ? 1.5 : 0});
}

void canvas_image(struct canvas *canvas,
		double x,
		double y,
		double w,
		double h,
		const char *bytes,
		size_t size)
{
	canvas_add(canvas,
			(struct op){.kind = OP_IMAGE,
					.x = x,
					.y = y,
					.w = w,
					.h = h,
					.text = bytes,
					.size = size});
}

struct op *canvas_text(struct canvas *canvas,
		double x,
		double y,
		double size,
		enum text_anchor anchor,
		enum color fill,
		const char *text)
{
	return canvas_add(canvas,
			(struct op){.kind = OP_TEXT,
					.x = x,
					.y = y,
					.w = size,
					.anchor = anchor,
					.fill = fill,
					.text = arena_strdup(canvas->arena, text)});
}

struct op *canvas_label(struct canvas *canvas,
		double x,
		double y,
		double size,
		enum text_anchor anchor,
		enum color fill,
		bool bold,
		const char *text,
		double width)
{
	const char *cut = canvas_fit(canvas->arena, text, size, bold, width);
	struct op *op = canvas_text(canvas, x, y, size, anchor, fill, cut);
	op->bold = bold;
	return op;
}

double canvas_baseline(double y, double size)
{
	return y + size * 0.35;
}

enum color color_of_status(enum status status)
{
	switch (status) {
	case STATUS_PASS:
		return COLOR_PASS;
	case STATUS_FAIL:
		return COLOR_FAIL;
	case STATUS_WARN:
	case STATUS_UNKNOWN:
		return COLOR_WARN;
	case STATUS_NOT_APPLICABLE:
		break;
	}
	return COLOR_INK2;
}

enum status canvas_status_of(enum verdict verdict)
{
	switch (verdict) {
	case VERDICT_PASS:
		return STATUS_PASS;
	case VERDICT_FAIL:
		return STATUS_FAIL;
	case VERDICT_UNKNOWN:
		return STATUS_UNKNOWN;
	case VERDICT_NONE:
		break;
	}
	return STATUS_NOT_APPLICABLE;
}

/* Points of a mark in a square from -1 to 1, scaled and moved. */
static void stroke_mark(struct canvas *canvas,
		double x,
		double y,
		double half,
		const double *points,
		size_t count,
		bool closed,
		enum color color)
{
	double placed[12];
	for (size_t i = 0; i < 2 * count && i < COUNT_OF(placed); i++)
		placed[i] = points[i] * half + (i % 2 ? y : x);
	canvas_poly(canvas, placed, count, closed, COLOR_NONE, color, half * 0.42);
}

void canvas_mark(struct canvas *canvas,
		double x,
		double y,
		double size,
		enum status status,
		enum color color)
{
	static const double tick[] = {-0.8, 0.05, -0.25, 0.6, 0.8, -0.65};
	static const double down[] = {-0.65, -0.65, 0.65, 0.65}, up[] = {-0.65, 0.65, 0.65, -0.65};
	static const double triangle[] = {0, -0.75, 0.85, 0.7, -0.85, 0.7};
	static const double diamond[] = {0, -0.85, 0.85, 0, 0, 0.85, -0.85, 0};
	static const double dash[] = {-0.6, 0, 0.6, 0};
	double half = size / 2;
	switch (status) {
	case STATUS_PASS:
		stroke_mark(canvas, x, y, half, tick, 3, false, color);
		break;
	case STATUS_FAIL:
		stroke_mark(canvas, x, y, half, down, 2, false, color);
		stroke_mark(canvas, x, y, half, up, 2, false, color);
		break;
	case STATUS_WARN:
		stroke_mark(canvas, x, y, half * 0.9, triangle, 3, true, color);
		break;
	case STATUS_UNKNOWN:
		stroke_mark(canvas, x, y, half * 0.9, diamond, 4, true, color);
		break;
	case STATUS_NOT_APPLICABLE:
		stroke_mark(canvas, x, y, half, dash, 2, false, color);
		break;
	}
}
