/* The ladder of limits (highest safe load if each were the only limit) and the utilization bullets. */
#include <math.h>
#include <string.h>

#include "model/text.h"
#include "report/chart/chart.h"
#include "report/write/view.h"

enum { LABEL_X = 26, PLOT_X = 262, ROW = 26, TOP = 52, TEXT_SIZE = 13, SMALL_SIZE = 12 };

static const double PLAN_MAX = 1e9; /* no host holds more; keeps the axis finite */

struct axis {
	double from, to; /* logarithms for the ladder, ratios for the bullets */
	double x, width;
};

static double place(const struct axis *axis, double value)
{
	double share = (value - axis->from) / (axis->to - axis->from);
	return axis->x + axis->width * (share < 0 ? 0 : share > 1 ? 1 : share);
}

/* --- ladder ------------------------------------------------------------------------------------- */

static const char *safe_path(const cJSON *root)
{
	bool rate = strcmp(view_raw(root, "page.basis"), "rate") == 0;
	return rate ? "max_safe.open_rate_per_s" : "max_safe.connections";
}

/* From a little below the least value to a whole decade; what lies beyond a thousand plans is drawn at the
 * edge. */
static struct axis decades(const cJSON *rows, const char *path, double plan)
{
	double least = plan, most = plan;
	const cJSON *row;
	cJSON_ArrayForEach(row, rows) {
		double value = view_number(row, path);
		if (value >= 1 && value < least)
			least = value;
		if (isfinite(value) && value > most && value <= plan * 1000)
			most = value;
	}
	double from = fmax(log10(fmax(least, 1)) - 0.4, 0), to = ceil(log10(fmax(most, 10)));
	return (struct axis){.from = from, .to = to < from + 1 ? from + 1 : to, .x = PLOT_X,
	                     .width = CHART_WIDTH - PLOT_X - 96};
}

static void draw_decades(struct canvas *canvas, const struct axis *axis, double bottom)
{
	char figure[NUMBER_TEXT_MAX];
	for (int i = 0; i < TICKS_MAX && ceil(axis->from) + i <= axis->to; i++) {
		double decade = ceil(axis->from) + i, x = place(axis, decade);
		canvas_line(canvas, x, TOP - 8, x, bottom, COLOR_GRID, 1, false);
		canvas_text(canvas, x, bottom + 17, SMALL_SIZE, ANCHOR_MIDDLE, COLOR_INK2,
		            text_number(figure, pow(10, decade), UNIT_COUNT));
	}
}

static void draw_plan(struct canvas *canvas, const struct axis *axis, double plan, double bottom)
{
	char figure[NUMBER_TEXT_MAX];
	double x = place(axis, log10(fmax(plan, 1)));
	canvas_line(canvas, x, TOP - 12, x, bottom, COLOR_INK, 1.5, true);
	const char *text = arena_printf(canvas->arena, "plan %s", text_number(figure, plan, UNIT_COUNT));
	canvas_text(canvas, x, TOP - 16, SMALL_SIZE, ANCHOR_MIDDLE, COLOR_INK, text)->bold = true;
}

static void draw_name(struct canvas *canvas, const cJSON *row, double y, bool strong)
{
	const char *status = view_raw(row, "status");
	canvas_mark(canvas, 10, y, 12, status, color_of_status(status));
	const char *label = chart_label(canvas->arena, row);
	canvas_text(canvas, LABEL_X, y + 4.5, TEXT_SIZE, ANCHOR_START, COLOR_INK, label)->bold = strong;
}

static void draw_rung(struct canvas *canvas, const struct axis *axis, const cJSON *row, const char *path,
                      double y, bool first)
{
	char figure[NUMBER_TEXT_MAX];
	enum color color = color_of_status(view_raw(row, "status"));
	double value = view_number(row, path), logarithm = log10(fmax(value, 1));
	bool beyond = logarithm > axis->to;
	double x = place(axis, beyond ? axis->to : logarithm);
	canvas_line(canvas, axis->x, y, x, y, color, first ? 4 : 2.5, false);
	if (beyond) {
		const double arrow[] = {x, y - 5, x + 8, y, x, y + 5};
		canvas_poly(canvas, arrow, 3, true, color, COLOR_NONE, 0);
	} else {
		canvas_circle(canvas, x, y, first ? 6.5 : 5, color, COLOR_NONE);
	}
	const char *text = text_number(figure, value, UNIT_COUNT);
	if (first)
		text = arena_printf(canvas->arena, "%s  binds first", text);
	struct op *op = canvas_text(canvas, x + 12, y + 4.5, TEXT_SIZE, ANCHOR_START, first ? color : COLOR_INK, text);
	op->halo = true;
	op->bold = first;
}

struct canvas *chart_ladder(struct arena *arena, const cJSON *root, const cJSON *item)
{
	(void)item;
	const cJSON *rows = view_array(root, "page.charts.ladder.rows");
	const char *path = safe_path(root);
	bool rate = strstr(path, "rate") != NULL;
	double plan = fmin(fmax(view_number(root, rate ? "plan.open_rate_per_s" : "plan.connections"), 1), PLAN_MAX);
	double bottom = TOP + ROW * (double)cJSON_GetArraySize(rows);
	struct canvas *canvas = canvas_new(arena, "ladder", CHART_WIDTH, bottom + 26);
	canvas->title = rate ? "Highest safe rate of new connections for each limit"
	                     : "Highest safe number of connections for each limit";
	canvas->finding = view_raw(root, "page.charts.ladder.finding");
	struct axis axis = decades(rows, path, plan);
	canvas_text(canvas, LABEL_X, 14, SMALL_SIZE, ANCHOR_START, COLOR_INK2,
	            rate ? "Safe up to, new connections per second (log scale), if this were the only limit"
	                 : "Safe up to, connections (log scale), if this were the only limit");
	draw_decades(canvas, &axis, bottom);
	draw_plan(canvas, &axis, plan, bottom);
	const cJSON *row;
	const char *binding = view_raw(root, "binding.resource");
	double y = TOP + ROW / 2.0;
	cJSON_ArrayForEach(row, rows) {
		bool first = !strcmp(view_raw(row, "id"), binding) && isfinite(view_number(row, path));
		draw_name(canvas, row, y, first);
		draw_rung(canvas, &axis, row, path, y, first);
		y += ROW;
	}
	return canvas;
}

/* --- bullets ------------------------------------------------------------------------------------ */

static void draw_scale(struct canvas *canvas, const struct axis *axis, double target, double bottom)
{
	char figure[NUMBER_TEXT_MAX];
	double step = axis->to > 1.5 ? 0.5 : 0.25;
	canvas_line(canvas, axis->x, bottom, axis->x + axis->width, bottom, COLOR_GRID, 1, false);
	for (int i = 0; i < TICKS_MAX && i * step <= axis->to + 1e-9; i++) {
		double tick = i * step, x = place(axis, tick);
		canvas_line(canvas, x, bottom, x, bottom + 4, COLOR_INK2, 1, false);
		canvas_text(canvas, x, bottom + 18, SMALL_SIZE, ANCHOR_MIDDLE, COLOR_INK2,
		            text_number(figure, tick, UNIT_RATIO));
	}
	double at = place(axis, target), limit = place(axis, 1);
	canvas_line(canvas, at, TOP - 10, at, bottom, COLOR_INK, 1.2, true);
	canvas_line(canvas, limit, TOP - 10, limit, bottom, COLOR_INK, 1.8, false);
	const char *text = arena_printf(canvas->arena, "target %s", text_number(figure, target, UNIT_RATIO));
	canvas_text(canvas, at - 4, TOP - 14, SMALL_SIZE, ANCHOR_END, COLOR_INK, text);
	canvas_text(canvas, limit + (target < 1 ? 0 : 4), TOP - 14, SMALL_SIZE, ANCHOR_START, COLOR_INK, "limit 100 %");
}

static void draw_bar(struct canvas *canvas, const struct axis *axis, double use, double y, enum color color)
{
	double x = place(axis, use);
	canvas_rect(canvas, axis->x, y - 4.5, fmax(x - axis->x, 1.5), 9, color);
	if (use <= axis->to)
		return;
	for (int i = 0; i < 2; i++) /* cut: the bar goes on */
		canvas_line(canvas, x - 14 + 6 * i, y + 8, x - 8 + 6 * i, y - 8, COLOR_BG, 2.5, false);
}

struct canvas *chart_bullets(struct arena *arena, const cJSON *root, const cJSON *item)
{
	(void)item;
	const cJSON *rows = view_array(root, "page.charts.bullets.rows"), *row;
	double target = view_number(root, "target_utilization"), most = 1.25;
	if (!(target > 0 && target <= 1))
		target = 1;
	cJSON_ArrayForEach(row, rows)
		most = fmax(most, fmin(ceil(view_number(row, "utilization") * 2) / 2, 3));
	double bottom = TOP + ROW * (double)cJSON_GetArraySize(rows);
	struct canvas *canvas = canvas_new(arena, "bullets", CHART_WIDTH, bottom + 26);
	canvas->title = "Share of each limit that the plan needs";
	canvas->finding = view_raw(root, "page.charts.bullets.finding");
	struct axis axis = {.from = 0, .to = most, .x = PLOT_X, .width = CHART_WIDTH - PLOT_X - 96};
	canvas_text(canvas, LABEL_X, 14, SMALL_SIZE, ANCHOR_START, COLOR_INK2, "Use at the planned load");
	double y = TOP + ROW / 2.0;
	cJSON_ArrayForEach(row, rows) {
		char figure[NUMBER_TEXT_MAX];
		double use = view_number(row, "utilization");
		enum color color = color_of_status(view_raw(row, "status"));
		draw_name(canvas, row, y, row == rows->child);
		canvas_rect(canvas, axis.x, y - 9, place(&axis, target) - axis.x, 18, COLOR_BAND2);
		canvas_rect(canvas, place(&axis, target), y - 9, place(&axis, 1) - place(&axis, target), 18, COLOR_BAND);
		draw_bar(canvas, &axis, use, y, color);
		canvas_text(canvas, CHART_WIDTH - 4, y + 4.5, TEXT_SIZE, ANCHOR_END, color == COLOR_PASS ? COLOR_INK : color,
		            text_number(figure, use, UNIT_RATIO))->bold = true;
		y += ROW;
	}
	draw_scale(canvas, &axis, target, bottom);
	return canvas;
}
