/* Breaks a flow into pages: headings stay with what follows, rows are not split unless they are
 * higher than half a page, the heads of tables are repeated. */
#include "report/pdf/sheet.h"

#include <limits.h>
#include <math.h>
#include <string.h>

#include "base/array.h"

struct cursor {
	struct sheets *sheets;
	size_t page;
	double y;
};

static bool is_visible(const struct box *box)
{
	return box->kind == BOX_ROW || box->kind == BOX_CANVAS;
}

static struct placement *sheet_add(struct cursor *cursor, size_t index, double height)
{
	struct sheets *sheets = cursor->sheets;
	sheets->items = arena_grow(sheets->arena,
			sheets->items,
			sheets->count,
			&sheets->capacity,
			sizeof *sheets->items);
	struct placement *item = &sheets->items[sheets->count++];
	*item = (struct placement){
			.box = index,
			.page = cursor->page,
			.y = cursor->y,
			.height = height,
	};
	const struct box *box = &sheets->flow->boxes[index];
	for (size_t i = 0; i < box->cell_count && i < COLUMNS_MAX; i++)
		item->to[i] = pango_layout_get_line_count(box->cells[i].layout);
	cursor->y += height;
	return item;
}

static void turn_page(struct cursor *cursor, const struct box *box)
{
	cursor->page++;
	cursor->y = cursor->sheets->top;
	if (box->head == 0)
		return;
	size_t head = box->head - 1;
	double height = cursor->sheets->flow->boxes[head].height;
	sheet_add(cursor, head, height)->repeated = true;
}

/* Height of the lines [from, to) of a layout. */
static double lines_height(PangoLayout *layout, int from, int to)
{
	double height = 0;
	int index = 0;
	PangoLayoutIter *iter = pango_layout_get_iter(layout);
	do {
		int top, bottom;
		pango_layout_iter_get_line_yrange(iter, &top, &bottom);
		if (index >= from && index < to)
			height += (bottom - top) / (double)PANGO_SCALE;
		index++;
	} while (pango_layout_iter_next_line(iter));
	pango_layout_iter_free(iter);
	return height;
}

/* How many lines from `from` on fit: at least one, if there is one. */
static int lines_that_fit(PangoLayout *layout, int from, double room)
{
	int count = pango_layout_get_line_count(layout);
	if (from >= count)
		return from;
	int to = from + 1;
	while (to < count && lines_height(layout, from, to + 1) <= room)
		to++;
	return to;
}

/* Places the lines of one cell from `from` on that fit; returns their height, with padding. */
static double slice_cell(const struct cell *cell, int from, double room, int *ret_to)
{
	double padding = 2 * cell->pad_y;
	*ret_to = lines_that_fit(cell->layout, from, room - padding);
	return lines_height(cell->layout, from, *ret_to) + padding;
}

/* Splits a row that is higher than the room left on the page. */
static void add_slices(struct cursor *cursor, size_t index)
{
	const struct box *box = &cursor->sheets->flow->boxes[index];
	int next[COLUMNS_MAX] = {0};
	for (bool more = true; more;) {
		double room = cursor->sheets->bottom - cursor->y, height = 0;
		struct placement *item = sheet_add(cursor, index, 0);
		more = false;
		for (size_t i = 0; i < box->cell_count && i < COLUMNS_MAX; i++) {
			const struct cell *cell = &box->cells[i];
			item->from[i] = next[i];
			height = fmax(height, slice_cell(cell, next[i], room, &item->to[i]));
			next[i] = item->to[i];
			if (next[i] < pango_layout_get_line_count(cell->layout))
				more = true;
		}
		item->height = height;
		cursor->y += height;
		if (more)
			turn_page(cursor, box);
	}
}

static double room_before(const struct sheets *sheets, const struct box *box)
{
	return box->before * sheets->spacing;
}

/* Height of a box and of those that must stay with it. */
static double group_height(const struct sheets *sheets, size_t index)
{
	const struct flow *flow = sheets->flow;
	double height = 0;
	for (; index < flow->count; index++) {
		const struct box *box = &flow->boxes[index];
		if (!is_visible(box))
			continue;
		height += room_before(sheets, box) + box->height;
		if (!box->keep_next)
			break;
	}
	return height;
}

static void place_box(struct cursor *cursor, size_t index, bool starts_group)
{
	const struct sheets *sheets = cursor->sheets;
	const struct box *box = &sheets->flow->boxes[index];
	double whole = sheets->bottom - sheets->top;
	double before = room_before(sheets, box);
	double wanted = before + box->height;
	if (starts_group)
		wanted = group_height(sheets, index);
	if (wanted > whole)
		wanted = before + box->height;
	bool splits = box->kind == BOX_ROW && box->height > whole / 2;
	bool begun = cursor->y > sheets->top;
	bool full = cursor->y + wanted > sheets->bottom;
	if (begun && full && !splits)
		turn_page(cursor, box);
	if (cursor->y > sheets->top)
		cursor->y += before;
	if (splits && cursor->y + box->height > sheets->bottom)
		add_slices(cursor, index);
	else
		sheet_add(cursor, index, box->height);
}

static void sheets_lay(struct sheets *sheets)
{
	struct cursor cursor = {.sheets = sheets, .y = sheets->top};
	bool starts_group = true;
	sheets->count = 0;
	for (size_t i = 0; i < sheets->flow->count; i++) {
		const struct box *box = &sheets->flow->boxes[i];
		if (!is_visible(box)) {
			sheet_add(&cursor, i, 0);
			continue;
		}
		place_box(&cursor, i, starts_group);
		starts_group = !box->keep_next;
	}
	sheets->pages = cursor.page + 1;
}

/* How far a page is filled, from 0 to 1. */
static double page_fill(const struct sheets *sheets, size_t page)
{
	double end = sheets->top;
	for (size_t i = 0; i < sheets->count; i++) {
		const struct placement *item = &sheets->items[i];
		if (item->page == page)
			end = fmax(end, item->y + item->height);
	}
	return (end - sheets->top) / (sheets->bottom - sheets->top);
}

/* What a reader would object to: more than six pages, a first page that ends on the second, a page
 * with a few lines at the end, pages that are a third empty. */
static int sheets_faults(const struct sheets *sheets)
{
	enum {
		PAGES_MAX = 6
	};
	const double least = 0.68, least_at_end = 0.16;
	size_t last = sheets->pages - 1;
	int faults = sheets->pages > PAGES_MAX;
	for (size_t i = 0; i < sheets->count; i++) {
		const struct placement *item = &sheets->items[i];
		if (item->box + 1 == sheets->flow->signed_at && item->page > 0)
			faults += 4;
	}
	for (size_t page = 0; page < last; page++)
		faults += page_fill(sheets, page) < least;
	if (last > 0 && page_fill(sheets, last) < least_at_end)
		faults += 2;
	return faults;
}

/* The room between boxes as it is meant, or the nearest to it with which the pages are well
 * filled. */
void sheets_place(struct sheets *sheets)
{
	static const double tried[] = {1, 0.85, 0.7, 0.55, 1.15, 1.3, 1.5};
	double best = tried[0];
	int fewest = INT_MAX;
	for (size_t i = 0; i < COUNT_OF(tried) && fewest > 0; i++) {
		sheets->spacing = tried[i];
		sheets_lay(sheets);
		int faults = sheets_faults(sheets);
		if (faults < fewest) {
			fewest = faults;
			best = tried[i];
		}
	}
	sheets->spacing = best;
	sheets_lay(sheets);
}
