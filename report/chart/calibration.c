/* A calibration as it ran: connections over time, the predicted number, the point where the kernel refused. */
#include <math.h>
#include <string.h>

#include "model/text.h"
#include "report/chart/chart.h"
#include "report/write/view.h"

enum { LEFT = 70, RIGHT = 40, TOP = 40, PLOT_HEIGHT = 200, TEXT_SIZE = 13, SMALL_SIZE = 12, POINTS_MAX = 200,
       MARKS_MAX = 40 };

struct plot {
	struct canvas *canvas;
	double end_s, most; /* the axes' ends */
};

static double x_of(const struct plot *plot, double seconds)
{
	return LEFT + (CHART_WIDTH - LEFT - RIGHT) * fmin(fmax(seconds / plot->end_s, 0), 1);
}

static double y_of(const struct plot *plot, double count)
{
	return TOP + PLOT_HEIGHT * (1 - fmin(fmax(count / plot->most, 0), 1));
}

/* 1, 2 or 5 times a power of ten. */
static double nice_step(double span, double parts)
{
	double rough = fmax(span / parts, 1e-6), decade = pow(10, floor(log10(rough)));
	double lead = rough / decade;
	return decade * (lead > 5 ? 10 : lead > 2 ? 5 : lead > 1 ? 2 : 1);
}

static void draw_grid(const struct plot *plot)
{
	char figure[NUMBER_TEXT_MAX];
	double bottom = TOP + PLOT_HEIGHT, right = CHART_WIDTH - RIGHT, step = nice_step(plot->most, 5);
	for (int i = 0; i < MARKS_MAX && i * step <= plot->most * (1 + 1e-9); i++) {
		double count = i * step;
		canvas_line(plot->canvas, LEFT, y_of(plot, count), right, y_of(plot, count), COLOR_GRID, 1, false);
		canvas_text(plot->canvas, LEFT - 8, y_of(plot, count) + 4, SMALL_SIZE, ANCHOR_END, COLOR_INK2,
		            text_number(figure, count, UNIT_COUNT));
	}
	step = nice_step(plot->end_s, 6);
	for (int i = 0; i < MARKS_MAX && i * step <= plot->end_s * (1 + 1e-9); i++) {
		double t = i * step;
		canvas_line(plot->canvas, x_of(plot, t), bottom, x_of(plot, t), bottom + 4, COLOR_INK2, 1, false);
		canvas_text(plot->canvas, x_of(plot, t), bottom + 18, SMALL_SIZE, ANCHOR_MIDDLE, COLOR_INK2,
		            text_number(figure, t, UNIT_SECONDS));
	}
}

/* Every nth point where there are many. What is no number or out of order is left out. */
static size_t collect(const struct plot *plot, const cJSON *samples, double points[2 * (POINTS_MAX + 2)])
{
	size_t count = 0, index = 0, size = (size_t)cJSON_GetArraySize(samples), every = size / POINTS_MAX + 1;
	double before_s = -1;
	const cJSON *sample;
	cJSON_ArrayForEach(sample, samples) {
		double t_s = view_number(sample, "t_s"), held = view_number(sample, "count");
		bool wanted = index % every == 0 || index + 1 == size;
		index++;
		if (!wanted || !isfinite(t_s) || !isfinite(held) || t_s < before_s || count > POINTS_MAX)
			continue;
		before_s = t_s;
		points[2 * count] = x_of(plot, t_s);
		points[2 * count + 1] = y_of(plot, held);
		count++;
	}
	return count;
}

static void draw_prediction(const struct plot *plot, double predicted)
{
	char figure[NUMBER_TEXT_MAX];
	if (!isfinite(predicted) || predicted <= 0 || predicted > plot->most)
		return;
	double y = y_of(plot, predicted);
	canvas_line(plot->canvas, LEFT, y, CHART_WIDTH - RIGHT, y, COLOR_INK, 1.2, true);
	const char *text = arena_printf(plot->canvas->arena, "predicted %s", text_number(figure, predicted, UNIT_COUNT));
	canvas_text(plot->canvas, LEFT + 6, y - 6, SMALL_SIZE, ANCHOR_START, COLOR_INK, text)->halo = true;
}

static void draw_stop(const struct plot *plot, const cJSON *row, double x, double y)
{
	double measured = view_number(row, "measured"), reached = view_number(row, "reached");
	const char *stopped_by = view_text(plot->canvas->arena, row, "stopped_by", 24);
	char figure[NUMBER_TEXT_MAX];
	bool met = isfinite(measured) && *stopped_by && strcmp(stopped_by, "none") != 0;
	canvas_circle(plot->canvas, x, y, 5.5, met ? COLOR_S1 : COLOR_INK2, COLOR_BG);
	const char *text = arena_printf(plot->canvas->arena, met ? "%s, then %s" : "%s, stopped before the limit",
	                                text_number(figure, met ? measured : reached, UNIT_COUNT), stopped_by);
	struct op *op = canvas_text(plot->canvas, x - 50, y + 17, TEXT_SIZE, ANCHOR_END, COLOR_INK, text);
	op->bold = true;
	op->halo = true;
}

static double last_second(const cJSON *samples)
{
	double last = 0;
	const cJSON *sample;
	cJSON_ArrayForEach(sample, samples) {
		double t_s = view_number(sample, "t_s");
		if (isfinite(t_s) && t_s < 1e7)
			last = fmax(last, t_s);
	}
	return last > 0 ? last : 1;
}

struct canvas *chart_calibration(struct arena *arena, const cJSON *root, const cJSON *item)
{
	(void)item;
	const cJSON *row = cJSON_GetArrayItem(view_array(root, "page.charts.calibration.rows"), 0);
	const cJSON *samples = view_array(row, "samples");
	double predicted = view_number(row, "predicted"), reached = view_number(row, "reached");
	struct canvas *canvas = canvas_new(arena, "calibration", CHART_WIDTH, TOP + PLOT_HEIGHT + 28);
	canvas->title = "Connections over the time of the calibration";
	canvas->finding = view_raw(root, "page.charts.calibration.finding");
	double top = fmax(reached > 0 && reached < 1e12 ? reached : 1, predicted > 0 && predicted < 1e12 ? predicted : 1);
	struct plot plot = {.canvas = canvas, .end_s = last_second(samples), .most = top * 1.12};
	double points[2 * (POINTS_MAX + 2)];
	canvas_text(canvas, 2, 14, SMALL_SIZE, ANCHOR_START, COLOR_INK2, "Open at the same time");
	draw_grid(&plot);
	size_t count = collect(&plot, samples, points);
	draw_prediction(&plot, predicted);
	if (count < 2)
		return canvas;
	canvas_poly(canvas, points, count, false, COLOR_NONE, COLOR_S1, 3);
	draw_stop(&plot, row, points[2 * count - 2], points[2 * count - 1]);
	return canvas;
}
