/* What was predicted and what was measured: a row for each calibrator, on one axis of shares. */
#include <math.h>

#include "report/chart/chart.h"
#include "report/chart/plot.h"
#include "report/chart/words.h"
#include "report/document/view.h"

enum {
	PAIRS_MAX = 20,
	PAIRS_TOP = 30,
	PAIRS_ROW = 26,
	PAIRS_NAME = 20,
	PAIRS_PREDICTED = 356, /* the right edge of these figures */
	PAIRS_FIELD = 370,
	PAIRS_WIDTH = 200,
	PAIRS_NARROW = 364,
	PAIRS_BLOCK = 66,
	PAIRS_DOT = 5
};

struct pairs {
	struct canvas *canvas;
	const cJSON *rows;
	int shown;
	double x, width; /* the field */
	double top, bottom;
	double most; /* the share at its end */
};

static const char *pairs_say(const struct pairs *pairs, const char *key)
{
	return words_say(pairs->canvas->arena, pairs->canvas->words, key, NULL);
}

/* Four times what was predicted at most; what lies beyond is at the end. */
static double pairs_most(const cJSON *rows)
{
	const double least = 1.25, top = 4;
	double most = least;
	const cJSON *row;
	cJSON_ArrayForEach(row, rows)
		most = fmax(most, plot_sane(view_number(row, "ratio")));
	return fmin(most, top);
}

static double pairs_place(const struct pairs *pairs, double ratio)
{
	const double inset = PAIRS_DOT + 3;
	double room = pairs->width - 2 * inset;
	double share = fmin(plot_sane(ratio) / pairs->most, 1);
	return pairs->x + inset + room * share;
}

static enum status pairs_status(const cJSON *row)
{
	const cJSON *agrees = view_get(row, "agrees");
	if (cJSON_IsTrue(agrees))
		return STATUS_PASS;
	if (cJSON_IsFalse(agrees))
		return STATUS_WARN;
	return STATUS_NOT_APPLICABLE;
}

static void pairs_text(const struct pairs *pairs,
		double x,
		double y,
		enum text_anchor anchor,
		enum color color,
		bool bold,
		const char *text,
		double width)
{
	(void)canvas_label(pairs->canvas, x, y, PLOT_SMALL, anchor, color, bold, text, width);
}

/* From what was predicted to what was measured. */
static void pairs_draw(const struct pairs *pairs, const cJSON *row, double y)
{
	struct canvas *canvas = pairs->canvas;
	double ratio = view_number(row, "ratio");
	double from = pairs_place(pairs, 1), to = pairs_place(pairs, ratio);
	enum color color = color_of_status(pairs_status(row));
	if (!isfinite(ratio))
		return;
	if (fabs(to - from) > PAIRS_DOT)
		canvas_line(canvas, from, y, to, y, color, 1.5, true);
	canvas_circle(canvas, to, y, PAIRS_DOT, color, COLOR_BG);
}

static void pairs_ground(const struct pairs *pairs, double top, double height)
{
	double x = pairs_place(pairs, 1);
	canvas_rect(pairs->canvas, pairs->x, top, pairs->width, height, COLOR_BAND);
	canvas_line(pairs->canvas, x, top, x, top + height, COLOR_INK, 2, false);
}

/* --- wide ----------------------------------------------------------------------------------- */

static void pairs_head(const struct pairs *pairs)
{
	const double y = PAIRS_TOP - 10;
	double right = pairs->x + pairs->width + 8;
	pairs_text(pairs,
			PAIRS_PREDICTED,
			y,
			ANCHOR_END,
			COLOR_INK2,
			false,
			pairs_say(pairs, "calibration.predicted"),
			90);
	pairs_text(pairs,
			right,
			y,
			ANCHOR_START,
			COLOR_INK2,
			false,
			pairs_say(pairs, "calibration.measured"),
			CHART_WIDTH - right);
}

static void pairs_row(const struct pairs *pairs, const cJSON *row, double y)
{
	const double mark = 12, figure = 90;
	struct arena *arena = pairs->canvas->arena;
	enum status status = pairs_status(row);
	double baseline = canvas_baseline(y, PLOT_SMALL);
	double right = pairs->x + pairs->width + 8;
	const double name = PAIRS_PREDICTED - figure - PAIRS_NAME - 8;
	canvas_mark(pairs->canvas, 9, y, mark, status, color_of_status(status));
	pairs_text(pairs,
			PAIRS_NAME,
			baseline,
			ANCHOR_START,
			COLOR_INK,
			false,
			view_text(arena, row, "title", 100),
			name);
	pairs_text(pairs,
			PAIRS_PREDICTED,
			baseline,
			ANCHOR_END,
			COLOR_INK2,
			false,
			view_raw(row, "says_predicted"),
			figure);
	pairs_draw(pairs, row, y);
	pairs_text(pairs,
			right,
			baseline,
			ANCHOR_START,
			COLOR_INK,
			true,
			view_raw(row, "says_measured"),
			CHART_WIDTH - right);
}

/* --- narrow --------------------------------------------------------------------------------- */

static void pairs_block(const struct pairs *pairs, const cJSON *row, double top)
{
	const double mark = 12, name = 14, track = 22, high = 14, labels = 52;
	struct arena *arena = pairs->canvas->arena;
	enum status status = pairs_status(row);
	canvas_mark(pairs->canvas, 7, top + name - 4, mark, status, color_of_status(status));
	pairs_text(pairs,
			PAIRS_NAME,
			top + name,
			ANCHOR_START,
			COLOR_INK,
			true,
			view_text(arena, row, "title", 100),
			PAIRS_NARROW - PAIRS_NAME);
	pairs_ground(pairs, top + track, high);
	pairs_draw(pairs, row, top + track + high / 2);
	pairs_text(pairs,
			1,
			top + labels,
			ANCHOR_START,
			COLOR_INK2,
			false,
			view_raw(row, "says_predicted_whole"),
			PAIRS_NARROW / 2.0 - 6);
	pairs_text(pairs,
			PAIRS_NARROW - 1,
			top + labels,
			ANCHOR_END,
			COLOR_INK,
			true,
			view_raw(row, "says_measured"),
			PAIRS_NARROW / 2.0 - 6);
}

/* --- both ----------------------------------------------------------------------------------- */

static void pairs_foot(const struct pairs *pairs)
{
	double y = pairs->bottom + PLOT_LINE + 2;
	double middle = pairs->x + pairs->width / 2;
	double half = fmin(middle, pairs->canvas->width - middle);
	pairs_text(pairs,
			middle,
			y,
			ANCHOR_MIDDLE,
			COLOR_INK2,
			false,
			pairs_say(pairs, "calibration.axis"),
			2 * half);
}

static struct pairs pairs_open(struct arena *arena, const cJSON *root, bool narrow)
{
	struct pairs pairs = {
			.rows = view_array(root, "page.charts.calibration.rows"),
			.x = PAIRS_FIELD,
			.width = PAIRS_WIDTH,
			.top = PAIRS_TOP,
	};
	double width = CHART_WIDTH, row = PAIRS_ROW;
	const char *name = "calibration";
	if (narrow) {
		name = "calibration-narrow";
		width = pairs.width = PAIRS_NARROW;
		row = PAIRS_BLOCK;
		pairs.x = pairs.top = 0;
	}
	pairs.shown = cJSON_GetArraySize(pairs.rows);
	if (pairs.shown > PAIRS_MAX)
		pairs.shown = PAIRS_MAX;
	pairs.most = pairs_most(pairs.rows);
	pairs.bottom = pairs.top + row * (double)pairs.shown;
	pairs.canvas = canvas_new(arena, name, width, pairs.bottom + 26);
	pairs.canvas->words = words_of(root);
	pairs.canvas->title = pairs_say(&pairs, "calibration.title");
	pairs.canvas->finding = view_raw(root, "page.charts.calibration.finding");
	return pairs;
}

struct canvas *chart_calibration(struct arena *arena, const cJSON *root, const cJSON *item)
{
	(void)item;
	struct pairs pairs = pairs_open(arena, root, false);
	pairs_head(&pairs);
	pairs_ground(&pairs, pairs.top, pairs.bottom - pairs.top);
	for (int i = 0; i < pairs.shown; i++) {
		double y = pairs.top + PAIRS_ROW * (i + 0.5);
		pairs_row(&pairs, cJSON_GetArrayItem(pairs.rows, i), y);
	}
	pairs_foot(&pairs);
	return pairs.canvas;
}

struct canvas *chart_calibration_narrow(struct arena *arena, const cJSON *root, const cJSON *item)
{
	(void)item;
	struct pairs pairs = pairs_open(arena, root, true);
	for (int i = 0; i < pairs.shown; i++) {
		double top = PAIRS_BLOCK * (double)i;
		pairs_block(&pairs, cJSON_GetArrayItem(pairs.rows, i), top);
	}
	pairs_foot(&pairs);
	return pairs.canvas;
}
