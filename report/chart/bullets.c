/* Utilization bullets: what the plan needs of each limit, against target and limit. */
#include <math.h>

#include "base/text.h"
#include "report/chart/rows.h"
#include "report/chart/words.h"
#include "report/document/verdict.h"
#include "report/document/view.h"

static const double shown_max = 3; /* a bar beyond it is cut */

struct bullets {
	struct canvas *canvas;
	const cJSON *rows;
	struct axis axis;
	double target, bottom;
};

static void bullets_draw_scale(const struct bullets *b)
{
	char figure[NUMBER_TEXT_MAX];
	double step = b->axis.to > 1.5 ? 0.5 : 0.25;
	for (int i = 0; i < TICKS_MAX && i * step <= b->axis.to + 1e-9; i++) {
		double x = axis_place(&b->axis, i * step);
		canvas_line(b->canvas, x, b->bottom, x, b->bottom + 4, COLOR_S4, 1, false);
	}
	for (int i = 0; i < TICKS_MAX && i * step <= b->axis.to + 1e-9; i++)
		canvas_text(b->canvas,
				axis_place(&b->axis, i * step),
				b->bottom + 18,
				ROWS_SMALL,
				ANCHOR_MIDDLE,
				COLOR_INK2,
				text_number(figure, i * step, UNIT_RATIO))
				->tick = true;
}

static void bullets_draw_limits(const struct bullets *b)
{
	char figure[NUMBER_TEXT_MAX];
	double at = axis_place(&b->axis, b->target), limit = axis_place(&b->axis, 1);
	canvas_line(b->canvas, at, ROWS_TOP - 10, at, b->bottom, COLOR_INK, 1.2, true);
	canvas_line(b->canvas, limit, ROWS_TOP - 10, limit, b->bottom, COLOR_INK, 1.8, false);
	const char *text = words_say(b->canvas->arena,
			b->canvas->words,
			"bullets.target",
			"share",
			text_number(figure, b->target, UNIT_RATIO),
			NULL);
	(void)canvas_label(b->canvas,
			at - 4,
			ROWS_TOP - 14,
			ROWS_SMALL,
			ANCHOR_END,
			COLOR_INK,
			false,
			text,
			at - 10);
	text = words_say(b->canvas->arena,
			b->canvas->words,
			"bullets.limit",
			"share",
			text_number(figure, 1, UNIT_RATIO),
			NULL);
	(void)canvas_label(b->canvas,
			limit + 2,
			ROWS_TOP - 14,
			ROWS_SMALL,
			ANCHOR_START,
			COLOR_INK,
			false,
			text,
			CHART_WIDTH - limit - 8);
}

static void bullets_draw_bar(const struct bullets *b, double use, double y, enum color color)
{
	double x = axis_place(&b->axis, use);
	canvas_rect(b->canvas, b->axis.x, y - 4.5, fmax(x - b->axis.x, 1.5), 9, color);
	for (int i = 0; i < 2 && use > b->axis.to; i++) /* cut: the bar goes on */
		canvas_line(b->canvas, x - 14 + 6 * i, y + 8, x - 8 + 6 * i, y - 8, COLOR_BG, 2.5, false);
}

/* The axis ends where the largest bar does; the figures have their place at the right of it. */
static struct axis scale(const cJSON *rows, struct arena *arena)
{
	double most = 1.25, figures = 40;
	const cJSON *row;
	cJSON_ArrayForEach(row, rows) {
		double use = view_number(row, "utilization");
		most = use > most ? fmin(ceil(use * 2) / 2, shown_max) : most;
		figures = fmax(figures,
				canvas_text_width(view_figure_of(arena, use, UNIT_RATIO), ROWS_TEXT, true));
	}
	return (struct axis){.from = 0,
			.to = most,
			.x = ROWS_PLOT_X,
			.width = CHART_WIDTH - ROWS_PLOT_X - 24 - fmin(figures, ROWS_FIGURE_MAX)};
}

static void bullets_draw_rows(const struct bullets *b)
{
	double target = axis_place(&b->axis, b->target), limit = axis_place(&b->axis, 1);
	const cJSON *row;
	int index = 0, count = cJSON_GetArraySize(b->rows);
	for (int i = 0; i < count; i++)
		canvas_rect(b->canvas, b->axis.x, rows_y(i) - 9, target - b->axis.x, 18, COLOR_BAND2);
	for (int i = 0; i < count && target < limit; i++)
		canvas_rect(b->canvas, target, rows_y(i) - 9, limit - target, 18, COLOR_BAND);
	cJSON_ArrayForEach(row, b->rows)
		bullets_draw_bar(b,
				view_number(row, "utilization"),
				rows_y(index++),
				color_of_status(document_status(row)));
	index = 0;
	cJSON_ArrayForEach(row, b->rows) {
		enum color color = color_of_status(document_status(row));
		canvas_label(b->canvas,
				CHART_WIDTH - 4,
				rows_y(index++) + 4.5,
				ROWS_TEXT,
				ANCHOR_END,
				color == COLOR_PASS ? COLOR_INK : color,
				true,
				view_figure(b->canvas->arena, row, "utilization", UNIT_RATIO),
				ROWS_FIGURE_MAX);
	}
	rows_names(b->canvas, b->rows, 0);
}

struct canvas *chart_bullets(struct arena *arena, const cJSON *root, const cJSON *item)
{
	(void)item;
	struct bullets b = {.rows = view_array(root, "page.charts.bullets.rows"),
			.target = view_number(root, "target_utilization")};
	if (!(b.target > 0 && b.target <= 1))
		b.target = 1;
	b.bottom = ROWS_TOP + ROWS_HEIGHT * (double)cJSON_GetArraySize(b.rows);
	b.canvas = canvas_new(arena, "bullets", CHART_WIDTH, b.bottom + 26);
	b.canvas->words = words_of(root);
	b.canvas->title = words_say(arena, b.canvas->words, "bullets.title", NULL);
	b.canvas->finding = view_raw(root, "page.charts.bullets.finding");
	b.axis = scale(b.rows, arena);
	rows_subtitle(b.canvas, words_say(arena, b.canvas->words, "bullets.axis", NULL));
	bullets_draw_rows(&b);
	canvas_line(b.canvas,
			b.axis.x,
			b.bottom,
			b.axis.x + b.axis.width,
			b.bottom,
			COLOR_GRID,
			1,
			false);
	bullets_draw_scale(&b);
	bullets_draw_limits(&b);
	return b.canvas;
}
