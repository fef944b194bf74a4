/* Earlier audits of the plan: the highest safe load of each, with its verdict as a shape and a
 * word. */
#include <math.h>
#include <string.h>

#include "base/text.h"
#include "report/chart/chart.h"
#include "report/chart/plot.h"
#include "report/chart/words.h"
#include "report/document/verdict.h"
#include "report/document/view.h"

enum {
	TOP = 44,
	PLOT_HEIGHT = 170,
	UNDER = 58,
	AUDITS_MAX = 12
};

struct audits {
	struct plot plot;
	const char *path;
	double column;
};

static double middle_of(const struct audits *audits, int index)
{
	return audits->plot.x + audits->column * (index + 0.5);
}

static double history_most_of(const struct audits *audits, const cJSON *rows, double plan)
{
	double most = fmax(plan, 1);
	const cJSON *row;
	cJSON_ArrayForEach(row, rows)
		most = fmax(most, plot_sane(view_number(row, audits->path)));
	return most;
}

static void draw_line(const struct audits *audits, const cJSON *rows)
{
	const struct plot *plot = &audits->plot;
	double points[4 * AUDITS_MAX];
	size_t count = 0;
	int index = 0;
	const cJSON *row;
	cJSON_ArrayForEach(row, rows) {
		double value = view_number(row, audits->path), left = plot->x + audits->column * index;
		if (index++ >= AUDITS_MAX)
			break;
		if (isnan(value)) { /* nothing is claimed where nothing is known */
			if (count)
				canvas_poly(plot->canvas, points, count, false, COLOR_NONE, COLOR_S1, 2.5);
			count = 0;
			continue;
		}
		points[2 * count] = left;
		points[2 * count + 2] = left + audits->column;
		points[2 * count + 1] = points[2 * count + 3] = plot_y(plot,
				isinf(value) ? plot->end_y : value);
		count += 2;
	}
	if (count)
		canvas_poly(plot->canvas, points, count, false, COLOR_NONE, COLOR_S1, 2.5);
}

enum layer {
	LAYER_CHANGE,
	LAYER_POINT,
	LAYER_VALUE,
	LAYER_DAY,
	LAYER_MARK,
	LAYER_WORD,
	LAYERS
};

static void draw_point(const struct audits *audits, const cJSON *row, int index, enum layer layer)
{
	struct canvas *canvas = audits->plot.canvas;
	double x = middle_of(audits, index), value = view_number(row, audits->path),
		   left = x - audits->column / 2;
	double y = plot_y(&audits->plot, isinf(value) ? audits->plot.end_y : value);
	if (layer == LAYER_CHANGE && view_true(row, "changed"))
		canvas_line(canvas,
				left,
				audits->plot.y,
				left,
				audits->plot.y + audits->plot.height + 4,
				COLOR_INK2,
				1,
				true);
	if (layer == LAYER_POINT && !isnan(value))
		canvas_circle(canvas,
				x,
				y,
				4.5,
				color_of_status(canvas_status_of(document_verdict(row))),
				COLOR_BG);
	if (layer == LAYER_VALUE && !isnan(value))
		canvas_label(canvas,
				x,
				y - 10,
				PLOT_SMALL,
				ANCHOR_MIDDLE,
				COLOR_INK,
				true,
				view_figure_of(canvas->arena, value, UNIT_COUNT),
				audits->column - 4)
				->halo = true;
}

/* Day and verdict under the axis. */
static void history_draw_words(const struct audits *audits,
		const cJSON *row,
		int index,
		enum layer layer)
{
	struct canvas *canvas = audits->plot.canvas;
	double x = middle_of(audits, index), y = audits->plot.y + audits->plot.height + 18,
		   room = audits->column - 4;
	enum status status = canvas_status_of(document_verdict(row));
	const char *verdict = view_raw(row, "verdict"),
			   *day = view_text(canvas->arena, row, "created", 0);
	const char *word = canvas_fit(canvas->arena,
			words_status(canvas->arena, canvas->words, verdict),
			PLOT_SMALL,
			true,
			room - 14);
	double left = x - canvas_text_width(word, PLOT_SMALL, true) / 2 - 6;
	day = strlen(day) == 20 ? arena_printf(canvas->arena, "%.5s", day + 5)
							: day; /* month and day */
	if (layer == LAYER_DAY)
		(void)canvas_label(canvas, x, y, PLOT_SMALL, ANCHOR_MIDDLE, COLOR_INK2, false, day, room);
	else if (layer == LAYER_MARK)
		canvas_mark(canvas, left + 4, y + 16, 9, status, color_of_status(status));
	else if (layer == LAYER_WORD)
		canvas_text(canvas,
				left + 12,
				y + 20,
				PLOT_SMALL,
				ANCHOR_START,
				color_of_status(status),
				word)
				->bold = true;
}

static void history_draw_plan(const struct plot *plot, double plan)
{
	struct arena *arena = plot->canvas->arena;
	double y = plot_y(plot, plan), right = plot->x + plot->width;
	const char *text = words_say(arena,
			plot->canvas->words,
			"plan",
			"load",
			view_figure_of(arena, plan, UNIT_COUNT),
			NULL);
	canvas_line(plot->canvas, plot->x, y, right, y, COLOR_INK, 1.5, true);
	struct side_label label = {y, COLOR_INK, text, NULL};
	plot_side_labels(plot, right + 8, &label, 1);
}

struct canvas *chart_history(struct arena *arena, const cJSON *root, const cJSON *item)
{
	(void)item;
	const cJSON *rows = view_array(root, "page.charts.history.rows"), *row;
	bool rate = strcmp(view_raw(root, "page.basis"), "rate") == 0;
	struct canvas *canvas = canvas_new(arena, "history", CHART_WIDTH, TOP + PLOT_HEIGHT + UNDER);
	canvas->words = words_of(root);
	canvas->title = words_say(arena, canvas->words, "history.title", NULL);
	canvas->finding = view_raw(root, "page.charts.history.finding");
	struct audits audits = {.path = rate ? "max_safe.open_rate_per_s" : "max_safe.connections"};
	double plan = plot_sane(view_number(root, rate ? "plan.open_rate_per_s" : "plan.connections"));
	int size = cJSON_GetArraySize(rows), index = 0;
	audits.plot = (struct plot){.canvas = canvas,
			.y = TOP,
			.width = CHART_WIDTH - 110,
			.height = PLOT_HEIGHT,
			.end_x = 1};
	audits.plot.end_y = plot_end(history_most_of(&audits, rows, plan) * 1.15, 5);
	plot_subtitle(&audits.plot,
			words_say(arena, canvas->words, rate ? "history.axis.rate" : "history.axis", NULL));
	plot_rows(&audits.plot, UNIT_COUNT, true);
	audits.column = audits.plot.width / fmax(size > AUDITS_MAX ? AUDITS_MAX : size, 1);
	draw_line(&audits, rows);
	if (plan > 0)
		history_draw_plan(&audits.plot, plan);
	for (enum layer layer = 0; layer < LAYERS; layer++) {
		index = 0;
		for (row = rows ? rows->child : NULL; row && index < AUDITS_MAX; row = row->next, index++) {
			draw_point(&audits, row, index, layer);
			history_draw_words(&audits, row, index, layer);
		}
	}
	return canvas;
}
