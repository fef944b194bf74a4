/* What the changes buy: the highest safe load as it is and after each change of the ladder, with
 * the plan. */
#include <math.h>
#include <string.h>

#include "base/text.h"
#include "report/chart/chart.h"
#include "report/chart/plot.h"
#include "report/chart/words.h"
#include "report/document/view.h"

enum {
	TOP = 50,
	RIGHT = 104,
	PLOT_HEIGHT = 190,
	UNDER = 78,
	TITLE_LINES = 3,
	BARS_MAX = 6
};

enum layer {
	LAYER_HEAD,
	LAYER_FITS,
	LAYER_TITLE,
	LAYER_NEXT,
	LAYER_MARK,
	LAYER_VALUE,
	LAYERS
};

struct bars {
	struct plot plot;
	const char *path;
	double column, plan;
	size_t title_lines; /* of the longest title */
	const cJSON *root;
};

static double waterfall_height_of(const struct bars *bars, const cJSON *row)
{
	double value = view_number(row, bars->path);
	return isinf(value) ? bars->plot.end_y : plot_sane(value);
}

static void draw_lines(struct canvas *canvas,
		double x,
		double y,
		enum color color,
		const char *text,
		double width,
		size_t most)
{
	const char *lines[TITLE_LINES];
	size_t count = canvas_wrap(canvas->arena, text, PLOT_SMALL, width, lines, most);
	for (size_t i = 0; i < count; i++)
		canvas_text(canvas,
				x,
				y + PLOT_LINE * (double)i,
				PLOT_SMALL,
				ANCHOR_MIDDLE,
				color,
				lines[i]);
}

/* The words under a bar, one kind at a time. */
static void waterfall_draw_words(const struct bars *bars,
		const cJSON *row,
		int index,
		enum layer layer)
{
	struct canvas *canvas = bars->plot.canvas;
	struct arena *arena = canvas->arena;
	const cJSON *words = canvas->words;
	double x = bars->plot.x + bars->column * (index + 0.5),
		   y = bars->plot.y + bars->plot.height + 18;
	double width = bars->column - 10;
	const char *limit = view_text(canvas->arena,
			view_resource(bars->root, view_raw(row, "next_binding")),
			"title",
			60);
	bool fits = view_true(row, "fits");
	if (layer == LAYER_HEAD)
		(void)canvas_label(canvas,
				x,
				y,
				PLOT_SMALL,
				ANCHOR_MIDDLE,
				COLOR_INK,
				true,
				words_say(arena,
						words,
						index ? "waterfall.change" : "waterfall.now",
						"number",
						view_figure_of(arena, index, UNIT_COUNT),
						NULL),
				width);
	else if (layer == LAYER_FITS)
		(void)canvas_label(canvas,
				x,
				y + PLOT_LINE,
				PLOT_SMALL,
				ANCHOR_MIDDLE,
				fits ? COLOR_PASS : COLOR_FAIL,
				false,
				words_say(arena, words, fits ? "waterfall.fits" : "waterfall.fits-not", NULL),
				width);
	else if (layer == LAYER_TITLE && index)
		draw_lines(canvas,
				x,
				y + 2 * PLOT_LINE,
				COLOR_INK2,
				view_text(canvas->arena, row, "title", 300),
				width,
				bars->title_lines);
	else if (layer == LAYER_NEXT && *limit)
		draw_lines(canvas,
				x,
				y + (2 + (index ? (double)bars->title_lines : 0)) * PLOT_LINE,
				COLOR_INK,
				words_say(arena,
						words,
						index ? "waterfall.next" : "waterfall.limit",
						"limit",
						limit,
						NULL),
				width,
				2);
}

/* A shape and the figure over a bar. */
static void draw_value(const struct bars *bars, const cJSON *row, int index, enum layer layer)
{
	struct canvas *canvas = bars->plot.canvas;
	double y = plot_y(&bars->plot, waterfall_height_of(bars, row)) - 7,
		   plan = plot_y(&bars->plot, bars->plan);
	double room = bars->column - 22;
	enum status status = view_true(row, "fits") ? STATUS_PASS : STATUS_FAIL;
	const char *text = canvas_fit(canvas->arena,
			view_figure(canvas->arena, row, bars->path, UNIT_COUNT),
			PLOT_TEXT,
			true,
			room);
	if (plan > y - 16 && plan < y + 4) /* not on the dashes */
		y = plan - 5;
	double left = bars->plot.x + bars->column * (index + 0.5) -
			canvas_text_width(text, PLOT_TEXT, true) / 2 - 8;
	if (layer == LAYER_MARK) {
		canvas_mark(canvas, left + 5, y - 4.5, 10, status, color_of_status(status));
	} else if (layer == LAYER_VALUE) {
		struct op *op = canvas_text(canvas, left + 14, y, PLOT_TEXT, ANCHOR_START, COLOR_INK, text);
		op->bold = op->halo = true;
	}
}

static void waterfall_draw_bar(const struct bars *bars, const cJSON *row, double before, int index)
{
	struct canvas *canvas = bars->plot.canvas;
	double left = bars->plot.x + bars->column * index, middle = left + bars->column / 2,
		   half = bars->column * 0.33;
	double top = plot_y(&bars->plot, waterfall_height_of(bars, row)),
		   base = plot_y(&bars->plot, fmin(before, waterfall_height_of(bars, row)));
	double floor = plot_y(&bars->plot, 0);
	bool fits = view_true(row, "fits");
	enum color color = index == 0 ? COLOR_S4 : fits ? COLOR_PASS : COLOR_S1;
	if (index) {
		canvas_rect(canvas, middle - half, base, 2 * half, floor - base, COLOR_BAND2);
		canvas_line(canvas,
				middle - bars->column + half,
				base,
				middle - half,
				base,
				COLOR_INK2,
				1,
				true);
	}
	canvas_rect(canvas,
			middle - half,
			top,
			2 * half,
			fmax((index ? base : floor) - top, 1.5),
			color);
}

static void waterfall_draw_plan(const struct bars *bars)
{
	struct canvas *canvas = bars->plot.canvas;
	double right = bars->plot.x + bars->plot.width, y = plot_y(&bars->plot, bars->plan);
	const char *text = words_say(canvas->arena,
			canvas->words,
			"plan",
			"load",
			view_figure_of(canvas->arena, bars->plan, UNIT_COUNT),
			NULL);
	canvas_line(canvas, bars->plot.x, y, right, y, COLOR_BG, 4, false);
	canvas_line(canvas, bars->plot.x, y, right, y, COLOR_INK, 1.5, true);
	struct side_label label = {y, COLOR_INK, text, NULL};
	plot_side_labels(&bars->plot, right + 8, &label, 1);
}

static double waterfall_highest(const struct bars *bars, const cJSON *rows)
{
	double most = bars->plan;
	int index = 0;
	const cJSON *row;
	cJSON_ArrayForEach(row, rows)
		if (index++ <= BARS_MAX && isfinite(view_number(row, bars->path)))
			most = fmax(most, plot_sane(view_number(row, bars->path)));
	return fmax(most, 1);
}

/* The lines that the longest title takes; the drawing grows with them. */
static size_t title_lines(struct arena *arena, const cJSON *rows, double width)
{
	const char *lines[TITLE_LINES];
	size_t most = 1;
	int index = 0;
	const cJSON *row;
	cJSON_ArrayForEach(row, rows) {
		size_t count = canvas_wrap(arena,
				view_text(arena, row, "title", 300),
				PLOT_SMALL,
				width,
				lines,
				TITLE_LINES);
		most = index++ <= BARS_MAX && count > most ? count : most;
	}
	return most;
}

struct canvas *chart_waterfall(struct arena *arena, const cJSON *root, const cJSON *item)
{
	(void)item;
	const cJSON *rows = view_array(root, "page.charts.waterfall.rows"), *row;
	bool rate = strcmp(view_raw(root, "page.basis"), "rate") == 0;
	struct canvas *canvas = canvas_new(arena, "waterfall", CHART_WIDTH, TOP + PLOT_HEIGHT + UNDER);
	canvas->words = words_of(root);
	canvas->title = words_say(arena, canvas->words, "waterfall.title", NULL);
	canvas->finding = view_raw(root, "page.charts.waterfall.finding");
	struct bars bars = {.root = root,
			.path = rate ? "max_safe.open_rate_per_s" : "max_safe.connections",
			.plan = plot_sane(
					view_number(root, rate ? "plan.open_rate_per_s" : "plan.connections"))};
	bars.plot = (struct plot){.canvas = canvas,
			.y = TOP,
			.width = CHART_WIDTH - RIGHT,
			.height = PLOT_HEIGHT,
			.end_x = 1};
	bars.plot.end_y = plot_end(waterfall_highest(&bars, rows) * 1.08, 10);
	int size = cJSON_GetArraySize(rows), shown = size > BARS_MAX + 1 ? BARS_MAX + 1 : size,
		index = 0;
	plot_subtitle(&bars.plot,
			words_say(arena, canvas->words, rate ? "waterfall.axis.rate" : "waterfall.axis", NULL));
	plot_rows(&bars.plot, UNIT_COUNT, true);
	bars.column = fmin(bars.plot.width / fmax(shown, 1), 190);
	bars.title_lines = title_lines(arena, rows, bars.column - 10);
	canvas->height += PLOT_LINE * (double)bars.title_lines;
	double before = 0;
	for (row = rows ? rows->child : NULL; row && index < shown; row = row->next) {
		waterfall_draw_bar(&bars, row, before, index++);
		before = waterfall_height_of(&bars, row);
	}
	waterfall_draw_plan(&bars);
	for (enum layer layer = 0; layer < LAYERS; layer++) {
		index = 0;
		for (row = rows ? rows->child : NULL; row && index < shown; row = row->next, index++) {
			waterfall_draw_words(&bars, row, index, layer);
			draw_value(&bars, row, index, layer);
		}
	}
	return canvas;
}
