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
	STRIP_HEIGHT = 26,
	LANES = 4,
	LANES_NARROW = 7,
	LANE = 18,
	LANES_TOP = 24,
	LEGEND_LINES = 3, /* at most, where the drawing is narrow */
	BESIDE = 5,       /* between a mark and its name */
	NAME_WIDTH = 170,
	PORTS_NARROW = 364
};

struct port_axis {
	struct canvas *canvas;
	double width, y; /* of the strip */
	int lanes;
	double first, last;
};

/* Where the names of each lane end, the highest lane last. */
struct lanes {
	double busy[LANES_NARROW];
};

static double x_of(const struct port_axis *axis, double port)
{
	double ports = fmax(axis->last - axis->first, 1);
	double share = (plot_sane(port) - axis->first) / ports;
	return STRIP_X + axis->width * fmin(fmax(share, 0), 1);
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
	double end = STRIP_X + axis->width;
	double width = fmax(right - left, least);
	width = fmin(width, end - left);
	if (!(width > 0))
		return;
	canvas_rect(axis->canvas, left, axis->y, width, STRIP_HEIGHT, COLOR_INK2);
}

/* The highest lane for a name that begins at `left`. A mark goes up to its name and must not pass
 * one below. -1: there is none. */
static int lane_for(const struct port_axis *axis, const struct lanes *lanes, double left)
{
	int lane = -1;
	while (lane + 1 < axis->lanes && lanes->busy[lane + 1] <= left)
		lane++;
	return lane;
}

/* So that its mark is seen on the range's color, in gray too. Before all marks: they may be close.
 */
static void draw_casing(const struct port_axis *axis, const cJSON *row)
{
	double x = x_of(axis, view_number(row, "first"));
	double bottom = axis->y + STRIP_HEIGHT;
	canvas_line(axis->canvas, x, axis->y, x, bottom, COLOR_BG, 5, false);
}

static bool is_port_listener(const cJSON *row)
{
	return is_kind(row, "inside") || is_kind(row, "listener");
}

static void draw_listener(const struct port_axis *axis, const cJSON *row, struct lanes *lanes)
{
	const double mark = 5;
	const double bottom = axis->y + STRIP_HEIGHT;
	struct canvas *canvas = axis->canvas;
	struct arena *arena = canvas->arena;
	const char *title = view_text(arena, row, "title", 60);
	const char *name = canvas_fit(arena, title, PLOT_TEXT, false, NAME_WIDTH);
	double width = canvas_text_width(name, PLOT_TEXT, false);
	double x = x_of(axis, view_number(row, "first"));
	double left = x + BESIDE;
	double edge = x - 1;
	enum color color = COLOR_INK;
	if (left + width > canvas->width)
		edge = left = x - BESIDE - width;
	if (is_kind(row, "inside"))
		color = COLOR_FAIL;
	int lane = lane_for(axis, lanes, edge);
	double top = axis->y - mark;
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
	const double y = axis->y + STRIP_HEIGHT + 16;
	char figure[NUMBER_TEXT_MAX];
	(void)text_plain_number(figure, port);
	canvas_text(axis->canvas, x, y, PLOT_TEXT, anchor, COLOR_INK2, figure)->tick = true;
}

static void ports_draw_words(const struct port_axis *axis)
{
	struct canvas *canvas = axis->canvas;
	const double figures = 130;
	const double y = axis->y + STRIP_HEIGHT + 16;
	const char *text = words_say(canvas->arena, canvas->words, "ports.axis", NULL);
	port_figure(axis, STRIP_X, ANCHOR_START, axis->first);
	port_figure(axis, STRIP_X + axis->width, ANCHOR_END, axis->last);
	(void)canvas_label(canvas,
			canvas->width / 2,
			y,
			PLOT_TEXT,
			ANCHOR_MIDDLE,
			COLOR_INK2,
			false,
			text,
			canvas->width - figures);
}

/* What the marks mean, above the lanes. */
static void ports_draw_legend(struct canvas *canvas, const char **lines, size_t count)
{
	const double first = 14;
	for (size_t i = 0; i < count; i++)
		(void)canvas_label(canvas,
				3,
				first + PLOT_LINE * (double)i,
				PLOT_TEXT,
				ANCHOR_START,
				COLOR_INK2,
				false,
				lines[i],
				canvas->width - 4);
}

static void ports_draw_strip(struct port_axis *axis, const cJSON *rows)
{
	const cJSON *row;
	struct lanes lanes = {{0}};
	cJSON_ArrayForEach(row, rows) {
		if (!is_kind(row, "range"))
			continue;
		axis->first = plot_sane(view_number(row, "first"));
		axis->last = plot_sane(view_number(row, "last"));
	}
	canvas_rect(axis->canvas, STRIP_X, axis->y, axis->width, STRIP_HEIGHT, COLOR_S1);
	cJSON_ArrayForEach(row, rows)
		if (is_kind(row, "reserved"))
			draw_reserved(axis, row);
	cJSON_ArrayForEach(row, rows)
		if (is_port_listener(row))
			draw_casing(axis, row);
	cJSON_ArrayForEach(row, rows)
		if (is_port_listener(row))
			draw_listener(axis, row, &lanes);
}

/* As many as there are names, so that none is empty. */
static int ports_lanes(const cJSON *rows, int most)
{
	int listeners = 0;
	const cJSON *row;
	cJSON_ArrayForEach(row, rows)
		listeners += is_port_listener(row);
	if (listeners > most)
		return most;
	return listeners;
}

static struct canvas *ports_chart(struct arena *arena,
		const cJSON *root,
		const char *name,
		double width,
		int most)
{
	const cJSON *words = words_of(root);
	const cJSON *rows = view_array(root, "page.charts.ports.rows");
	int lanes = ports_lanes(rows, most);
	const char *legend[LEGEND_LINES];
	const char *marks = words_say(arena, words, "ports.marks", NULL);
	size_t lines = canvas_wrap(arena, marks, PLOT_TEXT, width - 4, legend, LEGEND_LINES);
	double above = LANES_TOP + PLOT_LINE * (double)(lines > 0 ? lines - 1 : 0);
	struct port_axis axis = {
			.width = width - 2 * STRIP_X,
			.y = above + lanes * LANE + 6,
			.lanes = lanes,
	};
	axis.canvas = canvas_new(arena, name, width, axis.y + STRIP_HEIGHT + 24);
	axis.canvas->words = words;
	axis.canvas->title = words_say(arena, words, "ports.title", NULL);
	axis.canvas->finding = view_raw(root, "page.charts.ports.finding");
	ports_draw_strip(&axis, rows);
	ports_draw_words(&axis);
	ports_draw_legend(axis.canvas, legend, lines);
	return axis.canvas;
}

struct canvas *chart_ports(struct arena *arena, const cJSON *root, const cJSON *item)
{
	(void)item;
	return ports_chart(arena, root, "ports", CHART_WIDTH, LANES);
}

struct canvas *chart_ports_narrow(struct arena *arena, const cJSON *root, const cJSON *item)
{
	(void)item;
	return ports_chart(arena, root, "ports-narrow", PORTS_NARROW, LANES_NARROW);
}
