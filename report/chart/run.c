/* What a run did to the limits: the use of the fullest ones over time, as the gate saw it, against
 * their limit. */
#include <math.h>
#include <string.h>

#include "report/chart/chart.h"
#include "report/chart/plot.h"
#include "report/chart/words.h"
#include "report/document/view.h"

enum {
	RIGHT = 168,
	TOP = 48,
	PLOT_HEIGHT = 220,
	POINTS_MAX = 160,
	CURVES_MAX = 4
};

static const enum color colors[CURVES_MAX] = {COLOR_S1, COLOR_INK, COLOR_PASS, COLOR_INK2};

struct curve {
	const cJSON *values; /* the series; its name is the limit's id */
	double peak, last_y;
};

/* The curves with the highest peaks, highest first. */
static size_t choose(const cJSON *use, struct curve curves[CURVES_MAX])
{
	size_t count = 0;
	const cJSON *values, *value;
	cJSON_ArrayForEach(values, use) {
		struct curve curve = {.values = values};
		cJSON_ArrayForEach(value, values)
			curve.peak = fmax(curve.peak, plot_sane(view_number(value, "")));
		size_t at = count;
		for (; at > 0 && curves[at - 1].peak < curve.peak; at--)
			if (at < CURVES_MAX)
				curves[at] = curves[at - 1];
		if (at < CURVES_MAX)
			curves[at] = curve;
		count += count < CURVES_MAX;
	}
	return count;
}

/* Every nth point, so that a long run stays small; what is not known is passed over. */
static void draw_curve(const struct plot *plot,
		const cJSON *times,
		struct curve *curve,
		enum color color,
		double width)
{
	double points[2 * (POINTS_MAX + 2)];
	size_t count = 0, index = 0, size = (size_t)cJSON_GetArraySize(curve->values),
		   every = size / POINTS_MAX + 1;
	const cJSON *time = times ? times->child : NULL, *value;
	cJSON_ArrayForEach(value, curve->values) {
		bool wanted = (index % every == 0 || index + 1 == size) && count <= POINTS_MAX;
		double t = view_number(time, ""), use = view_number(value, "");
		if (wanted && isfinite(t) && isfinite(use)) {
			points[2 * count] = plot_x(plot, fmin(plot_sane(t), plot->end_x));
			points[2 * count + 1] = plot_y(plot, fmin(plot_sane(use), plot->end_y));
			curve->last_y = points[2 * count + 1];
			count++;
		}
		time = time ? time->next : NULL;
		index++;
	}
	if (count > 1)
		canvas_poly(plot->canvas, points, count, false, COLOR_NONE, color, width);
}

static void run_draw_limits(const struct plot *plot, double target)
{
	double right = plot->x + plot->width, limit = plot_y(plot, 1), at = plot_y(plot, target);
	canvas_line(plot->canvas, plot->x, limit, right, limit, COLOR_INK, 2, false);
	canvas_line(plot->canvas, plot->x, at, right, at, COLOR_INK, 1.2, true);
}

static void run_draw_break(const struct plot *plot, const cJSON *limit)
{
	struct arena *arena = plot->canvas->arena;
	double at_s = limit ? view_number(limit, "at_s") : (double)NAN;
	if (!isfinite(at_s) || at_s < 0 || at_s > plot->end_x)
		return;
	canvas_circle(plot->canvas, plot_x(plot, at_s), plot_y(plot, 1), 5.5, COLOR_FAIL, COLOR_BG);
	plot_label_at(plot,
			plot_x(plot, at_s),
			plot->y - 12,
			true,
			words_say(arena,
					plot->canvas->words,
					"run.reached",
					"time",
					view_figure(arena, limit, "at_s", UNIT_SECONDS),
					"limit",
					view_text(arena, limit, "title", 40),
					NULL));
}

static void run_label(const struct plot *plot,
		const cJSON *limits,
		const struct curve *curves,
		size_t count)
{
	struct arena *arena = plot->canvas->arena;
	struct side_label labels[PLOT_LABELS_MAX];
	for (size_t i = 0; i < count; i++) {
		const char *title =
				view_text(arena, view_find(limits, "id", curves[i].values->string), "title", 24);
		const char *peak = view_figure_of(arena, curves[i].peak, UNIT_RATIO);
		labels[i] = (struct side_label){curves[i].last_y,
				colors[i],
				title,
				words_say(arena, plot->canvas->words, "run.peak", "use", peak, NULL)};
	}
	plot_side_labels(plot, plot->x + plot->width + 8, labels, count);
}

static struct plot make_plot(struct arena *arena,
		const cJSON *root,
		const cJSON *times,
		double peak)
{
	double end_s = 0;
	const cJSON *time;
	struct canvas *canvas = canvas_new(arena, "run", CHART_WIDTH, TOP + PLOT_HEIGHT + 26);
	canvas->words = words_of(root);
	canvas->title = words_say(arena, canvas->words, "run.title", NULL);
	canvas->finding = view_raw(root, "page.charts.run.finding");
	(void)canvas_label(canvas,
			3,
			14,
			PLOT_SMALL,
			ANCHOR_START,
			COLOR_INK2,
			false,
			words_say(arena, canvas->words, "run.axis", NULL),
			canvas->width - 4);
	cJSON_ArrayForEach(time, times)
		end_s = fmax(end_s, plot_sane(view_number(time, "")));
	return (struct plot){.canvas = canvas,
			.y = TOP,
			.width = CHART_WIDTH - RIGHT,
			.height = PLOT_HEIGHT,
			.end_x = end_s > 0 ? end_s : 1,
			.end_y = fmin(fmax(1.2, peak * 1.05), 4)};
}

struct canvas *chart_run(struct arena *arena, const cJSON *root, const cJSON *item)
{
	(void)item;
	struct curve curves[CURVES_MAX];
	const cJSON *timeline = view_object(root, "gate.observed.timeline"),
				*times = view_array(timeline, "t");
	const cJSON *limits = view_array(root, "gate.observed.limits");
	size_t count = choose(view_object(timeline, "series.use"), curves);
	double target = view_number(root, "target_utilization");
	struct plot plot = make_plot(arena, root, times, count ? curves[0].peak : 0);
	plot_rows(&plot, UNIT_RATIO, false);
	plot_columns(&plot, UNIT_SECONDS);
	run_draw_limits(&plot, target > 0 && target <= 1 ? target : 1);
	for (size_t i = count; i-- > 0;)
		draw_curve(&plot, times, &curves[i], colors[i], i == 0 ? 3 : 1.8);
	run_label(&plot, limits, curves, count);
	run_draw_break(&plot, view_find(limits, "id", view_raw(root, "gate.bottleneck")));
	return plot.canvas;
}
