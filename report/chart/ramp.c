/* What would happen during the plan: the use of the tightest limits over time. */
#include <math.h>
#include <string.h>

#include "model/text.h"
#include "report/chart/chart.h"
#include "report/write/view.h"

enum { LEFT = 58, RIGHT = 200, TOP = 40, PLOT_HEIGHT = 230, TEXT_SIZE = 13, SMALL_SIZE = 12, LINES_MAX = 4,
       LABEL_HEIGHT = 17, POINTS_MAX = 160 };

struct plot {
	struct canvas *canvas;
	const cJSON *times;
	double end_s, most; /* the axes' ends */
};

struct curve {
	const cJSON *values;
	const char *id;
	double peak, last_y;
};

static double x_of(const struct plot *plot, double seconds)
{
	return LEFT + (CHART_WIDTH - LEFT - RIGHT) * fmin(seconds / plot->end_s, 1);
}

static double y_of(const struct plot *plot, double use)
{
	return TOP + PLOT_HEIGHT * (1 - fmin(fmax(use, 0) / plot->most, 1));
}

/* The curves with the highest peaks, highest first. */
static size_t choose(const cJSON *use, struct curve *curves)
{
	size_t count = 0;
	const cJSON *values, *value;
	cJSON_ArrayForEach(values, use) {
		struct curve curve = {.values = values, .id = values->string};
		cJSON_ArrayForEach(value, values)
			curve.peak = fmax(curve.peak, cJSON_IsNumber(value) ? value->valuedouble : 0);
		size_t at = count < LINES_MAX ? count : LINES_MAX;
		while (at > 0 && curves[at - 1].peak < curve.peak) {
			if (at < LINES_MAX)
				curves[at] = curves[at - 1];
			at--;
		}
		if (at < LINES_MAX)
			curves[at] = curve;
		count += count < LINES_MAX;
	}
	return count;
}

static double nice_step(double span, double parts)
{
	double rough = fmax(span / parts, 1e-6), decade = pow(10, floor(log10(rough)));
	double lead = rough / decade;
	return decade * (lead > 5 ? 10 : lead > 2 ? 5 : lead > 1 ? 2 : 1);
}

static void draw_grid(const struct plot *plot)
{
	char figure[NUMBER_TEXT_MAX];
	double bottom = TOP + PLOT_HEIGHT, right = CHART_WIDTH - RIGHT;
	double step = nice_step(plot->most, 5);
	for (int i = 0; i < TICKS_MAX && i * step <= plot->most + 1e-9; i++) {
		double use = i * step;
		canvas_line(plot->canvas, LEFT, y_of(plot, use), right, y_of(plot, use), COLOR_GRID, 1, false);
		canvas_text(plot->canvas, LEFT - 8, y_of(plot, use) + 4, SMALL_SIZE, ANCHOR_END, COLOR_INK2,
		            text_number(figure, use, UNIT_RATIO));
	}
	step = nice_step(plot->end_s, 6);
	for (int i = 0; i < TICKS_MAX && i * step <= plot->end_s + 1e-9; i++) {
		double t = i * step;
		canvas_line(plot->canvas, x_of(plot, t), bottom, x_of(plot, t), bottom + 4, COLOR_INK2, 1, false);
		canvas_text(plot->canvas, x_of(plot, t), bottom + 18, SMALL_SIZE, ANCHOR_MIDDLE, COLOR_INK2,
		            text_number(figure, t, UNIT_SECONDS));
	}
}

/* Adds a point; one that lies on the line through its neighbors replaces the last. */
static size_t add_point(double *points, size_t count, double x, double y)
{
	if (count >= 2) {
		const double *a = points + 2 * (count - 2), *b = a + 2;
		double share = x > a[0] ? (b[0] - a[0]) / (x - a[0]) : 0;
		count -= fabs(a[1] + share * (y - a[1]) - b[1]) < 0.05;
	}
	points[2 * count] = x;
	points[2 * count + 1] = y;
	return count + 1;
}

/* Draws every nth point, so that a long plan stays small; never more than POINTS_MAX. */
static void draw_curve(const struct plot *plot, struct curve *curve, enum color color, double width)
{
	double points[2 * (POINTS_MAX + 1)];
	size_t count = 0, index = 0;
	size_t size = (size_t)cJSON_GetArraySize(curve->values), every = size / POINTS_MAX + 1;
	const cJSON *time = plot->times ? plot->times->child : NULL, *value;
	cJSON_ArrayForEach(value, curve->values) {
		bool wanted = index % every == 0 || index + 1 == size;
		if (wanted && time && cJSON_IsNumber(value) && cJSON_IsNumber(time) && count <= POINTS_MAX)
			count = add_point(points, count, x_of(plot, time->valuedouble), y_of(plot, value->valuedouble));
		time = time ? time->next : NULL;
		index++;
	}
	curve->last_y = count ? points[2 * count - 1] : TOP + PLOT_HEIGHT;
	canvas_poly(plot->canvas, points, count, false, COLOR_NONE, color, width);
}

/* Apart by a line each: pushed down where curves end close together, then up again from the bottom of the plot. */
static void place_labels(const struct plot *plot, const struct curve *curves, size_t count, double *ret_y)
{
	bool settled[LINES_MAX] = {false};
	double lowest = y_of(plot, 0) + 4;
	for (size_t i = 0; i < count; i++) {
		ret_y[i] = curves[i].last_y + 4;
		for (size_t round = 0; round < count; round++)
			for (size_t j = 0; j < i; j++)
				if (fabs(ret_y[i] - ret_y[j]) < LABEL_HEIGHT)
					ret_y[i] = ret_y[j] + LABEL_HEIGHT;
	}
	for (size_t round = 0; round < count; round++) {
		size_t next = count;
		for (size_t i = 0; i < count; i++)
			if (!settled[i] && (next == count || ret_y[i] > ret_y[next]))
				next = i;
		settled[next] = true;
		ret_y[next] = fmin(ret_y[next], lowest);
		lowest = ret_y[next] - LABEL_HEIGHT;
	}
}

/* Names at the right end. */
static void label_curves(const struct plot *plot, const cJSON *root, const struct curve *curves, size_t count,
                         const enum color *colors)
{
	double y[LINES_MAX], x = CHART_WIDTH - RIGHT + 8;
	char figure[NUMBER_TEXT_MAX];
	place_labels(plot, curves, count, y);
	for (size_t i = 0; i < count; i++) {
		const cJSON *resource = view_resource(root, curves[i].id);
		const char *name = view_text(plot->canvas->arena, resource, "title", 21);
		const char *text = arena_printf(plot->canvas->arena, "%s %s", *name ? name : "a limit",
		                                text_number(figure, curves[i].peak, UNIT_RATIO));
		canvas_text(plot->canvas, x, y[i], SMALL_SIZE, ANCHOR_START, colors[i], text)->bold = i == 0;
	}
}

static void draw_limits(const struct plot *plot, double target)
{
	double right = CHART_WIDTH - RIGHT, limit = y_of(plot, 1), at = y_of(plot, target);
	canvas_line(plot->canvas, LEFT, limit, right, limit, COLOR_BG, 5, false);
	canvas_line(plot->canvas, LEFT, limit, right, limit, COLOR_INK, 2, false);
	canvas_line(plot->canvas, LEFT, at, right, at, COLOR_INK, 1.2, true);
}

/* After the curves, so that none crosses the words. */
static void label_limits(const struct plot *plot, double target)
{
	char figure[NUMBER_TEXT_MAX];
	double x = LEFT + 6;
	struct op *op = canvas_text(plot->canvas, x, y_of(plot, 1) - 6, SMALL_SIZE, ANCHOR_START, COLOR_INK, "limit 100 %");
	op->halo = true;
	const char *text = arena_printf(plot->canvas->arena, "target %s", text_number(figure, target, UNIT_RATIO));
	canvas_text(plot->canvas, x, y_of(plot, target) + 15, SMALL_SIZE, ANCHOR_START, COLOR_INK, text)->halo = true;
}

static void draw_break(const struct plot *plot, const cJSON *root)
{
	char figure[NUMBER_TEXT_MAX];
	double at_s = view_number(root, "breaks.at_s");
	if (!isfinite(at_s) || at_s < 0 || at_s > plot->end_s)
		return;
	double x = x_of(plot, at_s);
	canvas_line(plot->canvas, x, TOP - 6, x, y_of(plot, 1), COLOR_INK2, 1, false);
	canvas_circle(plot->canvas, x, y_of(plot, 1), 5, COLOR_FAIL, COLOR_BG);
	const char *text = arena_printf(plot->canvas->arena, "%s: the limit is reached",
	                                text_number(figure, at_s, UNIT_SECONDS));
	bool late = at_s > plot->end_s * 0.6;
	struct op *op = canvas_text(plot->canvas, x, TOP - 10, TEXT_SIZE, late ? ANCHOR_END : ANCHOR_START, COLOR_INK, text);
	op->bold = true;
	op->halo = true;
}

struct canvas *chart_ramp(struct arena *arena, const cJSON *root, const cJSON *item)
{
	(void)item;
	static const enum color colors[LINES_MAX] = {COLOR_FAIL, COLOR_S1, COLOR_PASS, COLOR_S4};
	static const enum color calm[LINES_MAX] = {COLOR_INK, COLOR_S1, COLOR_PASS, COLOR_S4};
	struct curve curves[LINES_MAX];
	size_t count = choose(view_object(root, "timeline.series.use"), curves);
	struct canvas *canvas = canvas_new(arena, "ramp", CHART_WIDTH, TOP + PLOT_HEIGHT + 28);
	canvas->title = "Use of the tightest limits over the time of the plan";
	canvas->finding = view_raw(root, "page.charts.ramp.finding");
	const cJSON *times = view_array(root, "timeline.t");
	const cJSON *last = cJSON_GetArrayItem(times, cJSON_GetArraySize(times) - 1);
	struct plot plot = {.canvas = canvas, .times = times, .end_s = cJSON_IsNumber(last) ? last->valuedouble : 1};
	double target = view_number(root, "target_utilization"), peak = count ? curves[0].peak : 1;
	plot.end_s = plot.end_s > 0 ? plot.end_s : 1;
	plot.most = fmax(1.2, fmin(ceil(peak * 5 + 0.5) / 5, 4));
	canvas_text(canvas, 2, 14, SMALL_SIZE, ANCHOR_START, COLOR_INK2, "Use of the limit");
	draw_grid(&plot);
	target = target > 0 && target <= 1 ? target : 1;
	draw_limits(&plot, target);
	const enum color *used = peak > 1 ? colors : calm;
	for (size_t i = count; i-- > 0;)
		draw_curve(&plot, &curves[i], used[i], i == 0 ? 3 : 2);
	label_limits(&plot, target);
	label_curves(&plot, root, curves, count, used);
	draw_break(&plot, root);
	return canvas;
}
