/* A calibration as it ran: connections over time, the predicted number, the point where the kernel
 * refused.
 */
#include <math.h>
#include <string.h>

#include "base/text.h"
#include "report/chart/chart.h"
#include "report/chart/plot.h"
#include "report/chart/words.h"
#include "report/document/view.h"

enum {
	RIGHT = 150,
	TOP = 40,
	PLOT_HEIGHT = 196,
	POINTS_MAX = 200
};

/* Every nth point where there are many. What is no number or out of order is left out. */
static size_t calibration_collect(const struct plot *plot,
		const cJSON *samples,
		double points[2 * (POINTS_MAX + 2)])
{
	size_t count = 0, index = 0, size = (size_t)cJSON_GetArraySize(samples),
		   every = size / POINTS_MAX + 1;
	double before_s = -1;
	const cJSON *sample;
	cJSON_ArrayForEach(sample, samples) {
		double t_s = view_number(sample, "t_s"), held = view_number(sample, "count");
		bool wanted = index % every == 0 || index + 1 == size;
		index++;
		if (!wanted || !isfinite(t_s) || !isfinite(held) || t_s < before_s || count > POINTS_MAX)
			continue;
		before_s = t_s;
		points[2 * count] = plot_x(plot, t_s);
		points[2 * count + 1] = plot_y(plot, held);
		count++;
	}
	return count;
}

static bool was_met(const cJSON *row)
{
	const char *stopped_by = view_raw(row, "stopped_by");
	return isfinite(view_number(row, "measured")) && *stopped_by && strcmp(stopped_by, "none") != 0;
}

static void draw_prediction(const struct plot *plot, double predicted, double tolerance)
{
	double right = plot->x + plot->width, y = plot_y(plot, predicted);
	if (!isfinite(predicted) || predicted <= 0)
		return;
	if (isfinite(tolerance) && tolerance > 0 && tolerance < predicted) {
		double high = plot_y(plot, predicted + tolerance),
			   low = plot_y(plot, predicted - tolerance);
		canvas_rect(plot->canvas, plot->x, high, plot->width, fmax(low - high, 1), COLOR_BAND2);
	}
	canvas_line(plot->canvas, plot->x, y, right, y, COLOR_INK, 1.3, true);
}

/* Names at the right end: the prediction, and where it stopped. */
static void draw_labels(const struct plot *plot, const cJSON *row, double last_y)
{
	struct arena *arena = plot->canvas->arena;
	const cJSON *words = plot->canvas->words;
	double predicted = view_number(row, "predicted");
	bool met = was_met(row);
	struct side_label labels[2];
	size_t count = 0;
	const char *figure = view_figure(arena, row, met ? "measured" : "reached", UNIT_COUNT);
	const char *why = words_say(arena,
			words,
			met ? "calibration.then" : "calibration.stopped",
			"error",
			view_text(arena, row, "stopped_by", 30),
			NULL);
	if (isfinite(predicted) && predicted > 0)
		labels[count++] = (struct side_label){plot_y(plot, predicted),
				COLOR_INK,
				words_say(arena,
						words,
						"calibration.predicted",
						"count",
						view_figure(arena, row, "predicted", UNIT_COUNT),
						NULL),
				NULL};
	labels[count++] = (struct side_label){last_y + 14,
			COLOR_S1,
			words_say(arena,
					words,
					met ? "calibration.measured" : "calibration.reached",
					"count",
					figure,
					NULL),
			why};
	plot_side_labels(plot, plot->x + plot->width + 10, labels, count);
}

/* A shape and a word, in the corner where no curve that rises can be. */
static void draw_verdict(const struct plot *plot, const cJSON *row)
{
	const cJSON *agrees = view_get(row, "agrees");
	double y = plot->y + plot->height - 14;
	if (!cJSON_IsBool(agrees))
		return;
	enum status status = cJSON_IsTrue(agrees) ? STATUS_PASS : STATUS_WARN;
	const char *text = words_say(plot->canvas->arena,
			plot->canvas->words,
			cJSON_IsTrue(agrees) ? "calibration.agrees" : "calibration.disagrees",
			NULL);
	text = canvas_fit(plot->canvas->arena, text, PLOT_TEXT, true, plot->width - 40);
	double x = plot->x + plot->width - 8 - canvas_text_width(text, PLOT_TEXT, true);
	canvas_text(plot->canvas, x, y, PLOT_TEXT, ANCHOR_START, COLOR_INK, text)->bold = true;
	canvas_mark(plot->canvas, x - 12, y - 4.5, 12, status, color_of_status(status));
}

static double last_second(const cJSON *samples)
{
	double last = 0;
	const cJSON *sample;
	cJSON_ArrayForEach(sample, samples)
		last = fmax(last, plot_sane(view_number(sample, "t_s")));
	return last > 0 && last < 1e7 ? last : 1;
}

struct canvas *chart_calibration(struct arena *arena, const cJSON *root, const cJSON *item)
{
	(void)item;
	const cJSON *row = cJSON_GetArrayItem(view_array(root, "page.charts.calibration.rows"), 0);
	const cJSON *samples = view_array(row, "samples");
	double predicted = view_number(row, "predicted"),
		   reached = plot_sane(view_number(row, "reached"));
	struct canvas *canvas = canvas_new(arena, "calibration", CHART_WIDTH, TOP + PLOT_HEIGHT + 28);
	canvas->words = words_of(root);
	canvas->title = words_say(arena, canvas->words, "calibration.title", NULL);
	canvas->finding = view_raw(root, "page.charts.calibration.finding");
	struct plot plot = {.canvas = canvas,
			.y = TOP,
			.width = CHART_WIDTH - RIGHT,
			.height = PLOT_HEIGHT,
			.end_x = last_second(samples)};
	plot.end_y = plot_end(fmax(fmax(reached, plot_sane(predicted)), 1) * 1.04, 5);
	double points[2 * (POINTS_MAX + 2)];
	plot_subtitle(&plot, words_say(arena, canvas->words, "calibration.axis", NULL));
	plot_rows(&plot, UNIT_COUNT, true);
	plot_columns(&plot, UNIT_SECONDS);
	draw_prediction(&plot, predicted, view_number(row, "tolerance"));
	size_t count = calibration_collect(&plot, samples, points);
	if (count >= 2) {
		canvas_poly(canvas, points, count, false, COLOR_NONE, COLOR_S1, 3);
		canvas_circle(canvas,
				points[2 * count - 2],
				points[2 * count - 1],
				5.5,
				was_met(row) ? COLOR_S1 : COLOR_INK2,
				COLOR_BG);
	}
	draw_labels(&plot, row, count ? points[2 * count - 1] : plot_y(&plot, 0));
	draw_verdict(&plot, row);
	return canvas;
}
