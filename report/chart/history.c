/* Earlier audits of the plan: the highest safe load of each, with its verdict as a shape and a
 * word. Where it changed stands a number, and below the drawing what the number means. */
#include <math.h>
#include <string.h>

#include "base/text.h"
#include "report/chart/chart.h"
#include "report/chart/plot.h"
#include "report/chart/words.h"
#include "report/document/verdict.h"
#include "report/document/view.h"

enum {
	HISTORY_TOP = 48,
	HISTORY_PLOT = 150,
	HISTORY_UNDER = 66,
	HISTORY_SIDE = 110,
	HISTORY_ROW = 22,
	HISTORY_NARROW = 364,
	HISTORY_MOST = 12
};

struct audits {
	struct canvas *canvas;
	struct plot plot;
	const cJSON *row[HISTORY_MOST];
	int count, steps;
	const char *path;
	double plan, column;
};

static double history_value(const struct audits *audits, int index)
{
	return view_number(audits->row[index], audits->path);
}

static bool history_step(const struct audits *audits, int index)
{
	return view_number(audits->row[index], "step") > 0;
}

static double history_middle(const struct audits *audits, int index)
{
	return audits->plot.x + audits->column * (index + 0.5);
}

static double history_height(const struct audits *audits, double value)
{
	if (isinf(value))
		value = audits->plot.end_y;
	return plot_y(&audits->plot, value);
}

static enum status history_status(const struct audits *audits, int index)
{
	enum verdict verdict = document_verdict(audits->row[index]);
	return canvas_status_of(verdict);
}

static enum color history_color(const struct audits *audits, int index)
{
	enum status status = history_status(audits, index);
	return color_of_status(status);
}

struct history_label {
	double x, y;
	enum text_anchor anchor;
	enum color color;
	bool bold;
	const char *text;
	double width;
};

static void history_text(const struct audits *audits, struct history_label label)
{
	(void)canvas_label(audits->canvas,
			label.x,
			label.y,
			PLOT_SMALL,
			label.anchor,
			label.color,
			label.bold,
			label.text,
			label.width);
}

/* --- what both drawings say ----------------------------------------------------------------- */

/* "05-20" and "08:00"; another text as it is. */
static const char *history_part(const struct audits *audits, int index, bool clock)
{
	const size_t whole = 20, day = 5, hour = 11;
	struct arena *arena = audits->canvas->arena;
	const char *created = view_text(arena, audits->row[index], "created", 40);
	if (strlen(created) == whole && clock)
		return arena_copy(arena, created + hour, 5);
	if (strlen(created) == whole)
		return arena_copy(arena, created + day, 5);
	if (clock)
		return "";
	return created;
}

/* The number of a step in a circle of its own color. */
static void history_number(const struct audits *audits, double x, double y, int index)
{
	const double radius = 9;
	struct canvas *canvas = audits->canvas;
	const char *text = view_figure(canvas->arena, audits->row[index], "step", UNIT_COUNT);
	canvas_circle(canvas, x, y, radius, COLOR_INK2, COLOR_NONE);
	canvas_text(canvas,
			x,
			canvas_baseline(y, PLOT_SMALL),
			PLOT_SMALL,
			ANCHOR_MIDDLE,
			COLOR_BG,
			text)
			->bold = true;
}

/* What the numbers mean, one below the other. */
static void history_legend(const struct audits *audits, double y)
{
	const double inset = 10, from = 26;
	for (int i = 0; i < audits->count; i++) {
		if (!history_step(audits, i))
			continue;
		history_number(audits, inset, y - 4.5, i);
		history_text(audits,
				(struct history_label){
						.x = from,
						.y = y,
						.color = COLOR_INK,
						.text = view_raw(audits->row[i], "says_step"),
						.width = audits->canvas->width - from,
				});
		y += HISTORY_ROW;
	}
}

/* --- wide ----------------------------------------------------------------------------------- */

/* Nothing is claimed where nothing is known. */
static void history_line(const struct audits *audits)
{
	const struct plot *plot = &audits->plot;
	double points[4 * HISTORY_MOST];
	size_t count = 0;
	for (int i = 0; i <= audits->count; i++) {
		double value = (double)NAN;
		if (i < audits->count)
			value = history_value(audits, i);
		if (isnan(value) && count)
			canvas_poly(plot->canvas, points, count, false, COLOR_NONE, COLOR_S1, 2.5);
		if (isnan(value)) {
			count = 0;
			continue;
		}
		double *point = points + 2 * count;
		point[0] = plot->x + audits->column * i;
		point[2] = point[0] + audits->column;
		point[1] = point[3] = history_height(audits, value);
		count += 2;
	}
}

static void history_plan(const struct audits *audits)
{
	const struct plot *plot = &audits->plot;
	struct canvas *canvas = audits->canvas;
	double y = plot_y(plot, audits->plan);
	double right = plot->x + plot->width;
	if (!(audits->plan > 0))
		return;
	const char *load = view_figure_of(canvas->arena, audits->plan, UNIT_COUNT);
	const char *text = words_say(canvas->arena, canvas->words, "plan", "load", load, NULL);
	canvas_line(canvas, plot->x, y, right, y, COLOR_INK, 1.5, true);
	struct side_label label = {y, COLOR_INK, text, NULL};
	plot_side_labels(plot, right + 8, &label, 1);
}

static void history_points(const struct audits *audits)
{
	const double radius = 4.5;
	for (int i = 0; i < audits->count; i++) {
		double value = history_value(audits, i);
		if (isnan(value))
			continue;
		double x = history_middle(audits, i);
		double y = history_height(audits, value);
		canvas_circle(audits->canvas, x, y, radius, history_color(audits, i), COLOR_BG);
	}
}

/* How many audits from this one on have its value. */
static int history_same(const struct audits *audits, int index)
{
	double value = history_value(audits, index);
	int same = 1;
	while (!isnan(value) && index + same < audits->count) {
		double next = history_value(audits, index + same);
		if (isnan(next) || next < value || next > value)
			break;
		same++;
	}
	return same;
}

/* A value over the first of those that have it, where it has room. */
static void history_values(const struct audits *audits)
{
	struct canvas *canvas = audits->canvas;
	for (int i = 0, same; i < audits->count; i += same) {
		same = history_same(audits, i);
		double value = history_value(audits, i);
		const char *text = view_figure_of(canvas->arena, value, UNIT_COUNT);
		double wide = canvas_text_width(text, PLOT_SMALL, true);
		double room = audits->column * same - 6;
		if (isnan(value) || wide > room)
			continue;
		double x = audits->plot.x + audits->column * (i + same / 2.0);
		double y = history_height(audits, value) - 9;
		canvas_text(canvas, x, y, PLOT_SMALL, ANCHOR_MIDDLE, COLOR_INK, text)->bold = true;
		canvas->ops[canvas->count - 1].halo = true;
	}
}

static void history_steps(const struct audits *audits)
{
	const struct plot *plot = &audits->plot;
	double bottom = plot->y + plot->height;
	for (int i = 0; i < audits->count; i++) {
		double x = plot->x + audits->column * i;
		if (!history_step(audits, i))
			continue;
		canvas_line(plot->canvas, x, plot->y - 8, x, bottom, COLOR_INK2, 1, true);
		history_number(audits, x, plot->y - 14, i);
	}
}

/* Day, time and verdict under a column; the shape alone where the word has no room. */
static void history_under(const struct audits *audits, int index)
{
	const double mark = 9;
	struct canvas *canvas = audits->canvas;
	double x = history_middle(audits, index);
	double room = audits->column - 4;
	double y = audits->plot.y + audits->plot.height + 18;
	enum status status = history_status(audits, index);
	enum color color = color_of_status(status);
	const char *verdict = view_raw(audits->row[index], "verdict");
	const char *word = words_status(canvas->arena, canvas->words, verdict);
	double wide = canvas_text_width(word, PLOT_SMALL, true);
	bool fits = wide + 14 <= room;
	double left = x - 4;
	if (fits)
		left = x - wide / 2 - 6;
	for (int line = 0; line < 2; line++)
		history_text(audits,
				(struct history_label){
						.x = x,
						.y = y + PLOT_LINE * line,
						.anchor = ANCHOR_MIDDLE,
						.color = COLOR_INK2,
						.text = history_part(audits, index, line == 1),
						.width = room,
				});
	y += 2 * PLOT_LINE + 2;
	canvas_mark(canvas, left + 4, y - 4, mark, status, color);
	if (fits)
		history_text(audits,
				(struct history_label){
						.x = left + 12,
						.y = y,
						.color = color,
						.bold = true,
						.text = word,
						.width = room,
				});
}

/* --- narrow --------------------------------------------------------------------------------- */

/* Of a bar: where it begins, and how wide the longest is. */
static const double history_bar = 132, history_longest = 140;

static double history_length(const struct audits *audits, double value)
{
	double share = fmin(plot_sane(value) / audits->plot.end_y, 1);
	if (isinf(value))
		share = 1;
	return history_longest * share;
}

static void history_bars(const struct audits *audits, int index)
{
	const double mark = 11, high = 10;
	struct canvas *canvas = audits->canvas;
	double y = HISTORY_ROW * (index + 1.5);
	double value = history_value(audits, index);
	double baseline = canvas_baseline(y, PLOT_SMALL);
	double right = HISTORY_NARROW - 1;
	enum status status = history_status(audits, index);
	enum color color = color_of_status(status);
	const char *when = arena_printf(canvas->arena,
			"%s %s",
			history_part(audits, index, false),
			history_part(audits, index, true));
	const char *figure = view_figure_of(canvas->arena, value, UNIT_COUNT);
	history_text(audits,
			(struct history_label){
					.x = 22,
					.y = baseline,
					.color = COLOR_INK2,
					.text = when,
					.width = 90,
			});
	canvas_mark(canvas, history_bar - 12, y, mark, status, color);
	if (history_step(audits, index))
		history_number(audits, 10, y, index);
	if (isnan(value))
		figure = words_status(canvas->arena, canvas->words, "unknown");
	else
		canvas_rect(canvas, history_bar, y - high / 2, history_length(audits, value), high, color);
	history_text(audits,
			(struct history_label){
					.x = right,
					.y = baseline,
					.anchor = ANCHOR_END,
					.color = COLOR_INK,
					.bold = true,
					.text = figure,
					.width = 80,
			});
}

/* --- all of it ------------------------------------------------------------------------------ */

static double history_most(const struct audits *audits)
{
	double most = fmax(audits->plan, 1);
	for (int i = 0; i < audits->count; i++)
		most = fmax(most, plot_sane(history_value(audits, i)));
	return most;
}

static struct audits history_read(const cJSON *root)
{
	struct audits audits = {.path = "max_safe.connections"};
	const char *plan = "plan.connections";
	if (strcmp(view_raw(root, "page.basis"), "rate") == 0) {
		audits.path = "max_safe.open_rate_per_s";
		plan = "plan.open_rate_per_s";
	}
	const cJSON *row;
	cJSON_ArrayForEach(row, view_array(root, "page.charts.history.rows")) {
		if (audits.count == HISTORY_MOST)
			break;
		audits.steps += view_number(row, "step") > 0;
		audits.row[audits.count++] = row;
	}
	audits.plan = plot_sane(view_number(root, plan));
	audits.plot.end_y = plot_end(history_most(&audits) * 1.15, 5);
	return audits;
}

static void history_open(struct arena *arena,
		const cJSON *root,
		struct audits *audits,
		const char *name,
		double width,
		double height)
{
	height += HISTORY_ROW * (double)audits->steps;
	audits->canvas = canvas_new(arena, name, width, height);
	audits->canvas->words = words_of(root);
	audits->canvas->title = words_say(arena, audits->canvas->words, "history.title", NULL);
	audits->canvas->finding = view_raw(root, "page.charts.history.finding");
	audits->plot.canvas = audits->canvas;
}

static void history_subtitle(const struct audits *audits)
{
	const char *key = "history.axis";
	struct canvas *canvas = audits->canvas;
	if (strcmp(audits->path, "max_safe.connections") != 0)
		key = "history.axis.rate";
	plot_subtitle(&audits->plot, words_say(canvas->arena, canvas->words, key, NULL));
}

struct canvas *chart_history(struct arena *arena, const cJSON *root, const cJSON *item)
{
	(void)item;
	struct audits audits = history_read(root);
	const double height = HISTORY_TOP + HISTORY_PLOT + HISTORY_UNDER;
	history_open(arena, root, &audits, "history", CHART_WIDTH, height);
	audits.plot.y = HISTORY_TOP;
	audits.plot.width = CHART_WIDTH - HISTORY_SIDE;
	audits.plot.height = HISTORY_PLOT;
	audits.plot.end_x = 1;
	history_subtitle(&audits);
	plot_rows(&audits.plot, UNIT_COUNT, true);
	audits.column = audits.plot.width / fmax(audits.count, 1);
	history_line(&audits);
	history_plan(&audits);
	history_steps(&audits);
	history_points(&audits);
	history_values(&audits);
	for (int i = 0; i < audits.count; i++)
		history_under(&audits, i);
	history_legend(&audits, height + 14);
	return audits.canvas;
}

struct canvas *chart_history_narrow(struct arena *arena, const cJSON *root, const cJSON *item)
{
	(void)item;
	struct audits audits = history_read(root);
	double rows = HISTORY_ROW * (audits.count + 1.0);
	history_open(arena, root, &audits, "history-narrow", HISTORY_NARROW, rows + HISTORY_ROW);
	history_subtitle(&audits);
	for (int i = 0; i < audits.count; i++)
		history_bars(&audits, i);
	double x = history_bar + history_length(&audits, audits.plan);
	canvas_line(audits.canvas, x, HISTORY_ROW, x, rows, COLOR_INK, 1.5, true);
	history_legend(&audits, rows + HISTORY_ROW - 4);
	return audits.canvas;
}
