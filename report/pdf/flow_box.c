#include "report/pdf/flow_box.h"

#include <math.h>
#include <string.h>

struct box *flow_add(struct flow *flow, struct box box)
{
	flow->boxes = arena_grow(flow->arena, flow->boxes, flow->count, &flow->capacity, sizeof box);
	bool shown = box.kind == BOX_ROW || box.kind == BOX_CANVAS;
	for (size_t i = 0; shown && i < flow->pending_count; i++)
		box.dests[i] = flow->pending[i];
	if (shown)
		flow->pending_count = 0;
	flow->boxes[flow->count] = box;
	return &flow->boxes[flow->count++];
}

struct box *flow_row(struct flow *flow, const struct cell *cells, size_t count)
{
	struct box box = {.kind = BOX_ROW,
			.cell_count = count,
			.bar = flow->bar,
			.bar_begins = flow->bar_begins,
			.head = flow->head};
	flow->bar_begins = false;
	box.cells = arena_alloc(flow->arena, count * sizeof *cells);
	memcpy(box.cells, cells, count * sizeof *cells);
	for (size_t i = 0; i < count; i++) {
		int width, height;
		pango_layout_get_size(cells[i].layout, &width, &height);
		box.height = fmax(box.height, height / (double)PANGO_SCALE + 2 * cells[i].pad_y);
	}
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

void flow_keep_ends(struct flow *flow, size_t first)
{
	size_t rows[2] = {0}, count = 0;
	for (size_t i = first; i < flow->count; i++)
		if (flow->boxes[i].kind == BOX_ROW && !flow->boxes[i].keep_next) {
			if (count == 0)
				flow->boxes[i].keep_next = true;
			rows[0] = rows[1];
			rows[1] = i;
			count++;
		}
	if (count == 1)
		flow->boxes[rows[1]].keep_next = false;
	else if (count > 2)
		flow->boxes[rows[0]].keep_next = true;
}
