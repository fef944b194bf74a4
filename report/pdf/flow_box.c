#include "report/pdf/flow_box.h"

#include <math.h>
#include <string.h>

static bool is_shown(const struct box *box)
{
	return box->kind == BOX_ROW || box->kind == BOX_CANVAS;
}

struct box *flow_add(struct flow *flow, struct box box)
{
	flow->boxes = arena_grow(flow->arena, flow->boxes, flow->count, &flow->capacity, sizeof box);
	if (is_shown(&box)) {
		for (size_t i = 0; i < flow->pending_count; i++)
			box.dests[i] = flow->pending[i];
		flow->pending_count = 0;
	}
	flow->boxes[flow->count] = box;
	return &flow->boxes[flow->count++];
}

void flow_mark(struct flow *flow, enum box_kind kind, const char *tag)
{
	struct box box = {.kind = kind};
	box.tag = tag;
	(void)flow_add(flow, box);
}

static double cell_height(const struct cell *cell)
{
	int width, height;
	pango_layout_get_size(cell->layout, &width, &height);
	return height / (double)PANGO_SCALE + 2 * cell->pad_y;
}

struct box *flow_row(struct flow *flow, const struct cell *cells, size_t count)
{
	struct box box = {
			.kind = BOX_ROW,
			.cell_count = count,
			.bar = flow->bar,
			.bar_begins = flow->bar_begins,
			.head = flow->head,
	};
	flow->bar_begins = false;
	box.cells = arena_alloc(flow->arena, count * sizeof *cells);
	memcpy(box.cells, cells, count * sizeof *cells);
	for (size_t i = 0; i < count; i++)
		box.height = fmax(box.height, cell_height(&cells[i]));
	return flow_add(flow, box);
}

void flow_pad(struct cell *cell, double pad_x, double pad_y)
{
	cell->pad_x = pad_x;
	cell->pad_y = pad_y;
	pango_layout_set_width(cell->layout, (int)((cell->width - 2 * pad_x) * PANGO_SCALE));
}

void flow_add_dest(struct flow *flow, const char *name)
{
	if (flow->pending_count < DESTS_MAX)
		flow->pending[flow->pending_count++] = arena_strdup(flow->arena, name);
}

static bool may_end_page(const struct box *box)
{
	return box->kind == BOX_ROW && !box->keep_next;
}

void flow_keep_ends(struct flow *flow, size_t first)
{
	struct box *last = NULL, *before_last = NULL;
	size_t count = 0;
	for (size_t i = first; i < flow->count; i++) {
		struct box *box = &flow->boxes[i];
		if (!may_end_page(box))
			continue;
		if (count == 0)
			box->keep_next = true;
		before_last = last;
		last = box;
		count++;
	}
	if (count == 1)
		last->keep_next = false;
	else if (count > 2)
		before_last->keep_next = true;
}
