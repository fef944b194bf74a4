/* The ladder of limits: the highest safe load if each were the only limit. */
#include <math.h>
#include <string.h>

#include "base/text.h"
#include "report/chart/rows.h"
#include "report/chart/words.h"
#include "report/document/verdict.h"
#include "report/document/view.h"

static const double PLAN_MAX = 1e9; /* no host holds more; keeps the axis finite */

struct ladder {
	struct canvas *canvas;
	const cJSON *root, *rows;
	const char *path, *binding;
	struct axis axis;
	double plan, bottom;
};

static bool is_first(const struct ladder *ladder, const cJSON *row)
{
	return strcmp(view_raw(row, "id"), ladder->binding) == 0 &&
			isfinite(view_number(row, ladder->path));
}

static const char *ladder_value_text(const struct ladder *ladder, const cJSON *row)
{
	const char *text = view_figure(ladder->canvas->arena, row, ladder->path, UNIT_COUNT);
	return is_first(ladder, row) ? words_say(ladder->canvas->arena,
										   ladder->canvas->words,
										   "ladder.first",
										   "load",
										   text,
										   NULL)
								 : text;
}

/* From a little below the least value to a whole decade; what lies beyond a thousand plans is drawn
 * at the edge. The figures have their place at the right of it. */
static struct axis decades(const struct ladder *ladder)
{
	double least = ladder->plan, most = least, figures = 40;
	const cJSON *row;
	cJSON_ArrayForEach(row, ladder->rows) {
		double value = view_number(row, ladder->path);
		if (value >= 1 && value < least)
			least = value;
		if (isfinite(value) && value > most && value <= ladder->plan * 1000)
			most = value;
		figures = fmax(figures,
				canvas_text_width(ladder_value_text(ladder, row),
						ROWS_TEXT,
						is_first(ladder, row)));
	}
	double from = fmax(log10(fmax(least, 1)) - 0.4, 0), to = ceil(log10(fmax(most, 10)) - 1e-9);
	return (struct axis){.from = from,
			.to = to < from + 1 ? from + 1 : to,
			.x = ROWS_PLOT_X,
			.width = CHART_WIDTH - ROWS_PLOT_X - 16 - fmin(figures, ROWS_FIGURE_MAX)};
}

/* Every decade has a line; figures stand where there is room. */
static void draw_decades(const struct ladder *ladder)
{
	char figure[NUMBER_TEXT_MAX];
	const struct axis *axis = &ladder->axis;
	for (int i = 0; i < TICKS_MAX && ceil(axis->from) + i <= axis->to; i++) {
		double x = axis_place(axis, ceil(axis->from) + i);
		canvas_line(ladder->canvas, x, ROWS_TOP - 8, x, ladder->bottom, COLOR_GRID, 1, false);
	}
	double free_from = 0;
	for (int i = 0; i < TICKS_MAX && ceil(axis->from) + i <= axis->to; i++) {
		double decade = ceil(axis->from) + i, x = axis_place(axis, decade);
		double half = canvas_text_width(text_number(figure, pow(10, decade), UNIT_COUNT),
							  ROWS_SMALL,
							  false) /
				2;
		if (x - half < free_from)
			continue;
		canvas_text(ladder->canvas,
				x,
				ladder->bottom + 17,
				ROWS_SMALL,
				ANCHOR_MIDDLE,
				COLOR_INK2,
				figure)
				->tick = true;
		free_from = x + half + 12;
	}
}

static void ladder_draw_plan(const struct ladder *ladder)
{
	struct canvas *canvas = ladder->canvas;
	double x = axis_place(&ladder->axis, log10(fmax(ladder->plan, 1)));
	const char *text = words_say(canvas->arena,
			canvas->words,
			"plan",
			"load",
			view_figure_of(canvas->arena, ladder->plan, UNIT_COUNT),
			NULL);
	canvas_line(canvas, x, ROWS_TOP - 12, x, ladder->bottom, COLOR_INK, 1.5, true);
	(void)canvas_label(canvas,
			x,
			ROWS_TOP - 16,
			ROWS_SMALL,
			ANCHOR_MIDDLE,
			COLOR_INK,
			true,
			text,
			2 * fmin(x, canvas->width - x) - 6);
}

static double tip_of(const struct ladder *ladder, const cJSON *row)
{
	return axis_place(&ladder->axis,
			fmin(log10(fmax(view_number(row, ladder->path), 1)), ladder->axis.to));
}

static void draw_rung(const struct ladder *ladder, const cJSON *row, double y)
{
	enum color color = color_of_status(document_status(row));
	bool first = is_first(ladder, row);
	double x = tip_of(ladder, row);
	canvas_line(ladder->canvas, ladder->axis.x, y, x, y, color, first ? 4 : 2.5, false);
	if (log10(fmax(view_number(row, ladder->path), 1)) > ladder->axis.to) {
		const double arrow[] = {x, y - 5, x + 8, y, x, y + 5};
		canvas_poly(ladder->canvas, arrow, 3, true, color, COLOR_NONE, 0);
	} else {
		canvas_circle(ladder->canvas, x, y, first ? 6.5 : 5, color, COLOR_NONE);
	}
}

static void ladder_draw_rows(const struct ladder *ladder)
{
	int index = 0, strong = -1;
	const cJSON *row;
	cJSON_ArrayForEach(row, ladder->rows) {
		strong = is_first(ladder, row) && strong < 0 ? index : strong;
		draw_rung(ladder, row, rows_y(index++));
	}
	index = 0;
	cJSON_ArrayForEach(row, ladder->rows) {
		bool first = is_first(ladder, row);
		canvas_label(ladder->canvas,
				tip_of(ladder, row) + 12,
				rows_y(index++) + 4.5,
				ROWS_TEXT,
				ANCHOR_START,
				first ? color_of_status(document_status(row)) : COLOR_INK,
				first,
				ladder_value_text(ladder, row),
				ROWS_FIGURE_MAX)
				->halo = true;
	}
	rows_names(ladder->canvas, ladder->rows, strong);
}

struct canvas *chart_ladder(struct arena *arena, const cJSON *root, const cJSON *item)
{
	(void)item;
	bool rate = strcmp(view_raw(root, "page.basis"), "rate") == 0;
	double plan = view_number(root, rate ? "plan.open_rate_per_s" : "plan.connections");
	struct ladder ladder = {.root = root,
			.rows = view_array(root, "page.charts.ladder.rows"),
			.path = rate ? "max_safe.open_rate_per_s" : "max_safe.connections",
			.binding = view_raw(root, "binding.resource"),
			.plan = fmin(fmax(plan, 1), PLAN_MAX)};
	ladder.bottom = ROWS_TOP + ROWS_HEIGHT * (double)cJSON_GetArraySize(ladder.rows);
	ladder.canvas = canvas_new(arena, "ladder", CHART_WIDTH, ladder.bottom + 26);
	const cJSON *words = ladder.canvas->words = words_of(root);
	ladder.canvas->title =
			words_say(arena, words, rate ? "ladder.title.rate" : "ladder.title", NULL);
	ladder.canvas->finding = view_raw(root, "page.charts.ladder.finding");
	ladder.axis = decades(&ladder);
	rows_subtitle(ladder.canvas,
			words_say(arena, words, rate ? "ladder.axis.rate" : "ladder.axis", NULL));
	draw_decades(&ladder);
	ladder_draw_plan(&ladder);
	ladder_draw_rows(&ladder);
	return ladder.canvas;
}
