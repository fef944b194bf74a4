/* The range of outgoing ports: what is reserved in it, and who listens in it. */
#include <math.h>
#include <string.h>

#include "base/text.h"
#include "report/chart/chart.h"
#include "report/chart/plot.h"
#include "report/chart/words.h"
#include "report/document/view.h"

enum {
	STRIP_X = 10,
	STRIP_WIDTH = CHART_WIDTH - 2 * STRIP_X,
	STRIP_HEIGHT = 26,
	LANES = 4,
	LANE = 18,
	LANES_TOP = 24,
	STRIP_Y = LANES_TOP + LANES * LANE + 6,
	BESIDE = 5, /* between a mark and its name */
	NAME_WIDTH = 170
};

struct port_axis {
	struct canvas *canvas;
	double first, last;
};

/* Where the names of each lane end, the highest lane last. */
struct lanes {
	double busy[LANES];
};

static double x_of(const struct port_axis *axis, double port)
{
	double ports = fmax(axis->last - axis->first, 1);
	double share = (plot_sane(port) - axis->first) / ports;
	return STRIP_X + STRIP_WIDTH * fmin(fmax(share, 0), 1);
}

static bool is_kind(const cJSON *row, const char *kind)
{
	return strcmp(view_raw(row, "note"), kind) == 0;
}

static void draw_reserved(const struct port_axis *axis, const cJSON *row)
{
	const double least = 2;
	double first = view_number(row, "first");
	double last = view_number(row, "last");
	double left = x_of(axis, first);
	double right = x_of(axis, last);
	double end = STRIP_X + STRIP_WIDTH;
	double width = fmax(right - left, least);
	width = fmin(width, end - left);
	if (!(width > 0))
		return;
	canvas_rect(axis->canvas, left, STRIP_Y, width, STRIP_HEIGHT, COLOR_INK2);
}

/* The highest lane for a name that begins at `left`. A mark goes up to its name and must not pass
 * one below. -1: there is none. */
static int lane_for(const struct lanes *lanes, double left)
{
	int lane = -1;
	while (lane + 1 < LANES && lanes->busy[lane + 1] <= left)
		lane++;
	return lane;
}

/* So that its mark is seen on the range's color, in gray too. Before all marks: they may be close.
 */
static void draw_casing(const struct port_axis *axis, const cJSON *row)
{
	double x = x_of(axis, view_number(row, "first"));
	double bottom = STRIP_Y + STRIP_HEIGHT;
	canvas_line(axis->canvas, x, STRIP_Y, x, bottom, COLOR_BG, 5, false);
}

static bool is_port_listener(const cJSON *row)
{
	return is_kind(row, "inside") || is_kind(row, "listener");
}

static void draw_listener(const struct port_axis *axis, const cJSON *row, struct lanes *lanes)
{
	const double mark = 5;
	const double bottom = STRIP_Y + STRIP_HEIGHT;
	struct canvas *canvas = axis->canvas;
	struct arena *arena = canvas->arena;
	const char *title = view_text(arena, row, "title", 60);
	const char *name = canvas_fit(arena, title, PLOT_TEXT, false, NAME_WIDTH);
	double width = canvas_text_width(name, PLOT_TEXT, false);
	double x = x_of(axis, view_number(row, "first"));
	double left = x + BESIDE;
	double edge = x - 1;
	enum color color = COLOR_INK;
	if (left + width > CHART_WIDTH)
		edge = left = x - BESIDE - width;
	if (is_kind(row, "inside"))
		color = COLOR_FAIL;
	int lane = lane_for(lanes, edge);
	double top = STRIP_Y - mark;
	if (lane >= 0)
		top -= LANE * (lane + 1.0) - 3;
	canvas_line(canvas, x, top, x, bottom, color, 2, false);
	if (lane < 0)
		return;
	canvas_text(canvas, left, top + 10, PLOT_TEXT, ANCHOR_START, color, name);
	lanes->busy[lane] = fmax(left + width, x) + BESIDE;
	for (int below = 0; below < lane; below++) {
		double busy = lanes->busy[below];
		lanes->busy[below] = fmax(busy, x + BESIDE);
	}
}

static void port_figure(const struct port_axis *axis,
		double x,
		enum text_anchor anchor,
		double port)
{
	const double y = STRIP_Y + STRIP_HEIGHT + 16;
	char figure[NUMBER_TEXT_MAX];
	(void)text_plain_number(figure, port);
	canvas_text(axis->canvas, x, y, PLOT_TEXT, anchor, COLOR_INK2, figure)->tick = true;
}

static void ports_draw_words(const struct port_axis *axis)
{
	struct canvas *canvas = axis->canvas;
	const double middle = CHART_WIDTH / 2.0;
	const double y = STRIP_Y + STRIP_HEIGHT + 16;
	const char *text = words_say(canvas->arena, canvas->words, "ports.axis", NULL);
	port_figure(axis, STRIP_X, ANCHOR_START, axis->first);
	port_figure(axis, STRIP_X + STRIP_WIDTH, ANCHOR_END, axis->last);
	(void)canvas_label(canvas,
			middle,
			y,
			PLOT_TEXT,
			ANCHOR_MIDDLE,
			COLOR_INK2,
			false,
			text,
			CHART_WIDTH - 160);
	text = words_say(canvas->arena, canvas->words, "ports.marks", NULL);
	canvas_label(canvas, 3, 14, PLOT_TEXT, ANCHOR_START, COLOR_INK2, false, text, CHART_WIDTH - 4);
}

struct canvas *chart_ports(struct arena *arena, const cJSON *root, const cJSON *item)
{
	(void)item;
	const cJSON *rows = view_array(root, "page.charts.ports.rows");
	const cJSON *row;
	struct canvas *canvas = canvas_new(arena, "ports", CHART_WIDTH, STRIP_Y + STRIP_HEIGHT + 24);
	struct port_axis axis = {.canvas = canvas};
	struct lanes lanes = {{0}};
	canvas->words = words_of(root);
	canvas->title = words_say(arena, canvas->words, "ports.title", NULL);
	canvas->finding = view_raw(root, "page.charts.ports.finding");
	cJSON_ArrayForEach(row, rows) {
		if (!is_kind(row, "range"))
			continue;
		axis.first = plot_sane(view_number(row, "first"));
		axis.last = plot_sane(view_number(row, "last"));
	}
	canvas_rect(canvas, STRIP_X, STRIP_Y, STRIP_WIDTH, STRIP_HEIGHT, COLOR_S1);
	cJSON_ArrayForEach(row, rows)
		if (is_kind(row, "reserved"))
			draw_reserved(&axis, row);
	cJSON_ArrayForEach(row, rows)
		if (is_port_listener(row))
			draw_casing(&axis, row);
	cJSON_ArrayForEach(row, rows)
		if (is_port_listener(row))
			draw_listener(&axis, row, &lanes);
	ports_draw_words(&axis);
	return canvas;
}
