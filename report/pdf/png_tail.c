/* A line for each change, with the load that is safe then. */
#include "report/pdf/png_tail.h"

#include "report/chart/chart.h"
#include "report/document/view.h"

enum {
	CHANGES_SHOWN = 8,
	TITLE_TOP = 26,
	LINE = 22,
	NUMBER_RIGHT = 14,
	CHANGE_LEFT = 22,
	AFTER_WIDTH = 300,
	BELOW = 10
};

static const double tail_title = 15, tail_text = 13;

static void tail_label(struct canvas *canvas,
		double x,
		double y,
		enum text_anchor anchor,
		const char *text)
{
	(void)canvas_label(canvas, x, y, tail_text, anchor, COLOR_INK2, false, text, AFTER_WIDTH);
}

static void tail_change(struct canvas *canvas, const cJSON *change, double y)
{
	struct arena *arena = canvas->arena;
	const char *number = view_text(arena, change, "number", 10);
	const char *after = view_text(arena, change, "after", 80);
	double taken = canvas_text_width(after, tail_text, false);
	tail_label(canvas, NUMBER_RIGHT, y, ANCHOR_END, number);
	(void)canvas_label(canvas,
			CHANGE_LEFT,
			y,
			tail_text,
			ANCHOR_START,
			COLOR_INK,
			true,
			view_text(arena, change, "change", 200),
			CHART_WIDTH - CHANGE_LEFT - taken - NUMBER_RIGHT);
	tail_label(canvas, CHART_WIDTH, y, ANCHOR_END, after);
}

const struct canvas *png_tail(const struct pdf_input *input)
{
	const cJSON *changes = view_array(input->root, "page.front.decisions");
	const char *title = view_text(input->arena, input->root, "page.front.decide", 120);
	size_t count = view_count(input->root, "page.front.decisions");
	struct canvas *canvas = canvas_new(input->arena, "tail", CHART_WIDTH, 0);
	double y = TITLE_TOP;
	size_t shown = 0;
	if (count == 0)
		return canvas;
	canvas_text(canvas, 0, y, tail_title, ANCHOR_START, COLOR_INK, title)->bold = true;
	tail_label(canvas, CHART_WIDTH, y, ANCHOR_END, "then safe up to");
	const cJSON *change;
	cJSON_ArrayForEach(change, changes) {
		if (shown++ == CHANGES_SHOWN)
			break;
		y += LINE;
		tail_change(canvas, change, y);
	}
	if (count > CHANGES_SHOWN) {
		y += LINE;
		const char *more = arena_printf(input->arena,
				"and %zu more, which the report lists",
				count - CHANGES_SHOWN);
		tail_label(canvas, CHANGE_LEFT, y, ANCHOR_START, more);
	}
	canvas->height = y + BELOW;
	return canvas;
}
