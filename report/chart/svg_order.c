/* Operations of one style share an element, which makes a page a tenth smaller. One may be drawn
 * earlier than it was added if it touches nothing of what it passes. */
#include "report/chart/svg_order.h"

#include <math.h>

enum {
	ORDER_AHEAD = 48 /* so far is looked for the same style */
};

struct order_box {
	double left, right, top, bottom;
};

struct order {
	const struct canvas *canvas;
	struct order_box *boxes;
	bool *taken;
	struct op *ops;
	size_t count;
};

static bool order_same_number(double a, double b)
{
	return a >= b && a <= b;
}

static bool order_same_paint(const struct op *a, const struct op *b)
{
	if (a->fill != b->fill)
		return false;
	if (a->stroke != b->stroke)
		return false;
	if (a->dashed != b->dashed)
		return false;
	if (a->halo != b->halo)
		return false;
	return order_same_number(a->stroke_width, b->stroke_width);
}

static bool order_same_type(const struct op *a, const struct op *b)
{
	if (a->anchor != b->anchor)
		return false;
	if (a->bold != b->bold)
		return false;
	if (a->tick != b->tick)
		return false;
	return order_same_number(a->w, b->w);
}

bool svg_same_style(const struct op *a, const struct op *b)
{
	if (a->kind != b->kind)
		return false;
	if (!order_same_paint(a, b))
		return false;
	switch (a->kind) {
	case OP_IMAGE:
		return false;
	case OP_TEXT:
		return order_same_type(a, b);
	case OP_POLY:
		return a->fill == COLOR_NONE;
	case OP_RECT:
	case OP_LINE:
	case OP_CIRCLE:
		break;
	}
	return true;
}

static struct order_box order_box_of_text(const struct op *op)
{
	const double under = 0.34;
	double wide = canvas_text_width(op->text, op->w, op->bold);
	struct order_box box = {.left = op->x};
	if (op->anchor == ANCHOR_MIDDLE)
		box.left -= wide / 2;
	if (op->anchor == ANCHOR_END)
		box.left -= wide;
	box.right = box.left + wide;
	box.top = op->y - op->w;
	box.bottom = op->y + under * op->w;
	return box;
}

static void order_box_over(struct order_box *box, double x, double y)
{
	box->left = fmin(box->left, x);
	box->right = fmax(box->right, x);
	box->top = fmin(box->top, y);
	box->bottom = fmax(box->bottom, y);
}

static void order_box_over_points(struct order_box *box, const struct op *op)
{
	for (size_t i = 0; i < op->point_count; i++) {
		const double *point = op->points + 2 * i;
		order_box_over(box, point[0], point[1]);
	}
}

/* What it covers, without its stroke. */
static struct order_box order_box_of(const struct op *op)
{
	struct order_box box = {
			.left = op->x,
			.right = op->x,
			.top = op->y,
			.bottom = op->y,
	};
	switch (op->kind) {
	case OP_TEXT:
		return order_box_of_text(op);
	case OP_POLY:
		box.left = box.top = INFINITY;
		box.right = box.bottom = -INFINITY;
		order_box_over_points(&box, op);
		break;
	case OP_CIRCLE:
		order_box_over(&box, op->x - op->w, op->y - op->w);
		order_box_over(&box, op->x + op->w, op->y + op->w);
		break;
	case OP_LINE:
		order_box_over(&box, op->w, op->h);
		break;
	case OP_RECT:
	case OP_IMAGE:
		order_box_over(&box, op->x + op->w, op->y + op->h);
		break;
	}
	return box;
}

static bool order_touch(struct order_box a, struct order_box b)
{
	const double stroke = 5; /* half of the widest, of both, and some air */
	if (a.left > b.right + stroke)
		return false;
	if (b.left > a.right + stroke)
		return false;
	if (a.top > b.bottom + stroke)
		return false;
	return b.top <= a.bottom + stroke;
}

/* Whether nothing that it would pass touches it. */
static bool order_may_pass(const struct order *order, size_t from, size_t at)
{
	struct order_box box = order->boxes[at];
	for (size_t i = from + 1; i < at; i++) {
		if (order->taken[i])
			continue;
		if (order_touch(order->boxes[i], box))
			return false;
	}
	return true;
}

static void order_take(struct order *order, size_t at)
{
	order->taken[at] = true;
	order->ops[order->count] = order->canvas->ops[at];
	order->count++;
}

/* The first one, and those of its style that can be drawn with it. */
static void order_group(struct order *order, size_t first)
{
	const struct op *ops = order->canvas->ops;
	size_t end = order->canvas->count;
	if (end > first + ORDER_AHEAD)
		end = first + ORDER_AHEAD;
	order_take(order, first);
	for (size_t i = first + 1; i < end; i++) {
		if (order->taken[i])
			continue;
		if (!svg_same_style(&ops[first], &ops[i]))
			continue;
		if (order_may_pass(order, first, i))
			order_take(order, i);
	}
}

const struct op *svg_order(const struct canvas *canvas)
{
	struct order order = {.canvas = canvas};
	struct arena *arena = canvas->arena;
	size_t count = canvas->count;
	if (canvas->in_order)
		return canvas->ops;
	order.boxes = arena_alloc(arena, count * sizeof *order.boxes);
	order.taken = arena_alloc(arena, count * sizeof *order.taken);
	order.ops = arena_alloc(arena, count * sizeof *order.ops);
	for (size_t i = 0; i < count; i++)
		order.boxes[i] = order_box_of(&canvas->ops[i]);
	for (size_t i = 0; i < count; i++)
		if (!order.taken[i])
			order_group(&order, i);
	return order.ops;
}
