/* What would happen during the plan: connections and closed sockets in TIME_WAIT over time,
 * stacked, against the limit that counts both, with the second at which a limit is used up. */
#include <math.h>
#include <string.h>

#include "base/text.h"
#include "report/chart/chart.h"
#include "report/chart/plot.h"
#include "report/chart/words.h"
#include "report/document/view.h"

enum {
	RIGHT = 132,
	TOP = 70,
	PLOT_HEIGHT = 190,
	POINTS_MAX = 320,
	LOADS_DRAWN_MAX = 16,
	STAGES_SHOWN_MAX = 12
};

/* One curve in canvas units. */
struct curve {
	double points[4 * (POINTS_MAX + 2)];
	size_t count;
	double last; /* of the document */
};

struct shown {
	const cJSON *times;
	struct curve live, all;
	double capacity, target; /* capacity 0: no line */
};

static double ramp_number_at(const cJSON *item)
{
	double value = view_number(item, "");
	return isnan(value) ? value : plot_sane(value);
}

/* Adds a point; one that lies on the line through its neighbors replaces the last. */
static void ramp_add_point(struct curve *curve, double x, double y)
{
	if (curve->count >= 2) {
		const double *a = curve->points + 2 * (curve->count - 2), *b = a + 2;
		double share = x > a[0] ? (b[0] - a[0]) / (x - a[0]) : 0;
		curve->count -= fabs(a[1] + share * (y - a[1]) - b[1]) < 0.05;
	}
	curve->points[2 * curve->count] = x;
	curve->points[2 * curve->count + 1] = y;
	curve->count++;
}

/* `upper` may be NULL: then the lower one alone. Every nth point, so that a long plan stays small.
 */
static void ramp_collect(const struct plot *plot,
		const cJSON *times,
		const cJSON *lower,
		const cJSON *upper,
		struct curve *curve)
{
	size_t size = (size_t)cJSON_GetArraySize(times), every = size / POINTS_MAX + 1, index = 0;
	const cJSON *time, *base = lower ? lower->child : NULL, *more = upper ? upper->child : NULL;
	double before = -1;
	cJSON_ArrayForEach(time, times) {
		double t = ramp_number_at(time),
			   sum = ramp_number_at(base) + (upper ? ramp_number_at(more) : 0);
		bool wanted = index % every == 0 || index + 1 == size;
		if (wanted && isfinite(t) && t >= before && isfinite(sum) && curve->count <= POINTS_MAX) {
			ramp_add_point(curve, plot_x(plot, t), plot_y(plot, sum));
			before = t;
			curve->last = ramp_number_at(upper ? more : base);
		}
		base = base ? base->next : NULL;
		more = more ? more->next : NULL;
		index++;
	}
}

/* The area between a curve and the one below it (NULL: the axis). */
static void draw_area(const struct plot *plot,
		const struct curve *top,
		const struct curve *below,
		enum color fill)
{
	double points[8 * (POINTS_MAX + 2)];
	size_t count = top->count;
	if (count < 2)
		return;
	memcpy(points, top->points, 2 * count * sizeof *points);
	for (size_t i = below ? below->count : 0; i-- > 0; count++)
		memcpy(points + 2 * count, below->points + 2 * i, 2 * sizeof *points);
	if (!below) {
		const double floor[] = {top->points[2 * top->count - 2],
				plot_y(plot, 0),
				top->points[0],
				plot_y(plot, 0)};
		memcpy(points + 2 * count, floor, sizeof floor);
		count += 2;
	}
	canvas_poly(plot->canvas, points, count, true, fill, COLOR_NONE, 0);
	canvas_poly(plot->canvas, top->points, top->count, false, COLOR_NONE, COLOR_INK, 1.2);
}

static double peak_of(const cJSON *live, const cJSON *time_wait)
{
	double peak = 0;
	const cJSON *base, *more = time_wait ? time_wait->child : NULL;
	cJSON_ArrayForEach(base, live) {
		double held = ramp_number_at(base), closed = more ? ramp_number_at(more) : 0;
		peak = fmax(peak, plot_sane(held) + plot_sane(closed));
		more = more ? more->next : NULL;
	}
	return peak;
}

static void draw_limit(const struct plot *plot, double capacity, double target)
{
	double right = plot->x + plot->width;
	double limit = plot_y(plot, capacity);
	double at = plot_y(plot, capacity * target);
	canvas_line(plot->canvas, plot->x, limit, right, limit, COLOR_BG, 5, false);
	canvas_line(plot->canvas, plot->x, limit, right, limit, COLOR_INK, 2, false);
	canvas_line(plot->canvas, plot->x, at, right, at, COLOR_BG, 4, false);
	canvas_line(plot->canvas, plot->x, at, right, at, COLOR_INK, 1.4, true);
}

/* The names of the stages between the axis and the lower edge: what each one goes to. */
static void draw_stages(const struct plot *plot, const cJSON *root)
{
	double from_s = 0, y = plot->y + plot->height + 36;
	int shown = 0;
	const cJSON *stage;
	cJSON_ArrayForEach(stage, view_array(root, "workload.stages")) {
		double to_s = from_s + plot_sane(view_number(stage, "duration_s"));
		double left = plot_x(plot, from_s), right = plot_x(plot, to_s);
		bool rate = cJSON_IsNumber(view_get(stage, "open_rate_per_s"));
		const char *text = rate
				? view_figure(plot->canvas->arena, stage, "open_rate_per_s", UNIT_PER_S)
				: view_figure(plot->canvas->arena, stage, "connections", UNIT_COUNT);
		text = words_say(plot->canvas->arena,
				plot->canvas->words,
				"ramp.stage",
				"load",
				text,
				NULL);
		if (shown++ < STAGES_SHOWN_MAX && from_s > 0 && from_s < plot->end_x)
			canvas_line(plot->canvas, left, y - 12, left, y + 4, COLOR_GRID, 1, false);
		if (canvas_text_width(text, PLOT_SMALL, false) < right - left - 6)
			canvas_text(plot->canvas,
					(left + right) / 2,
					y,
					PLOT_SMALL,
					ANCHOR_MIDDLE,
					COLOR_INK2,
					text);
		from_s = to_s;
	}
}

/* A second of the plan: a dot, and over the frame what happens then, in the upper or the lower
 * line. */
static void draw_second(const struct plot *plot,
		double at_s,
		double y,
		bool upper,
		const char *title)
{
	struct arena *arena = plot->canvas->arena;
	double x = plot_x(plot, at_s), baseline = plot->y - (upper ? 16 + PLOT_LINE : 14);
	canvas_line(plot->canvas, x, baseline + 5, x, y, COLOR_INK, 1, false);
	canvas_circle(plot->canvas, x, y, 5.5, COLOR_FAIL, COLOR_BG);
	plot_label_at(plot,
			fmax(x - 4, plot->x),
			baseline,
			true,
			words_say(arena,
					plot->canvas->words,
					*title ? "ramp.used-up" : "ramp.used-up.other",
					"time",
					view_figure_of(arena, at_s, UNIT_SECONDS),
					"limit",
					title,
					NULL));
}

/* The height of a curve at x, in canvas units. */
static double curve_y(const struct plot *plot, const struct curve *curve, double x)
{
	for (size_t i = 1; i < curve->count; i++) {
		const double *a = curve->points + 2 * (i - 1), *b = a + 2;
		if (x >= a[0] && x <= b[0] && b[0] > a[0])
			return a[1] + (b[1] - a[1]) * (x - a[0]) / (b[0] - a[0]);
	}
	return curve->count ? curve->points[2 * curve->count - 1] : plot_y(plot, 0);
}

/* What breaks first, and the limit of the picture where that is another one: on its line, or on the
 * curve. */
static void ramp_draw_break(const struct plot *plot, const cJSON *root, const struct shown *shown)
{
	struct arena *arena = plot->canvas->arena;
	const char *first = view_raw(root, "breaks.resource");
	const cJSON *limit = shown->capacity > 0 ? view_object(root, "page.charts.ramp.limit") : NULL;
	bool same = limit && strcmp(first, view_raw(limit, "id")) == 0;
	double at_s = view_number(root, "breaks.at_s"), later_s = view_number(limit, "exhausted_at_s");
	bool later = !same && later_s >= 0 && later_s <= plot->end_x;
	const struct curve *top = shown->all.count ? &shown->all : &shown->live;
	if (at_s >= 0 && at_s <= plot->end_x)
		draw_second(plot,
				at_s,
				same ? plot_y(plot, shown->capacity) : curve_y(plot, top, plot_x(plot, at_s)),
				later,
				view_text(arena, view_resource(root, first), "title", 60));
	if (later)
		draw_second(plot,
				later_s,
				plot_y(plot, shown->capacity),
				false,
				view_text(arena, limit, "title", 60));
}

/* Where the target is passed: a hollow mark on its line. */
static void draw_crossing(const struct plot *plot,
		const cJSON *root,
		double capacity,
		double target)
{
	double at_s = view_number(root, "page.charts.ramp.limit.target_crossed_at_s");
	if (capacity > 0 && at_s >= 0 && at_s <= plot->end_x)
		canvas_circle(plot->canvas,
				plot_x(plot, at_s),
				plot_y(plot, capacity * target),
				4.5,
				COLOR_BG,
				COLOR_INK);
}

static const char *at_end(const struct canvas *canvas, double value, const cJSON *times)
{
	struct arena *arena = canvas->arena;
	const cJSON *last = cJSON_GetArrayItem(times, cJSON_GetArraySize(times) - 1);
	return words_say(arena,
			canvas->words,
			"ramp.end",
			"count",
			view_figure_of(arena, value, UNIT_COUNT),
			"time",
			view_figure(arena, last, "", UNIT_SECONDS),
			NULL);
}

/* Where a band's name stands: in the widest part that no line of the limit crosses. */
static double name_y(const struct plot *plot,
		const struct shown *shown,
		const struct curve *top,
		const struct curve *below)
{
	double low = below ? below->points[2 * below->count - 1] : plot_y(plot, 0),
		   high = top->points[2 * top->count - 1];
	double cuts[4] = {high,
			fmin(fmax(plot_y(plot, shown->capacity), high), low),
			fmin(fmax(plot_y(plot, shown->capacity * shown->target), high), low),
			low};
	double best = (high + low) / 2, widest = 0;
	for (size_t i = 0; shown->capacity > 0 && i < 3; i++) {
		if (cuts[i + 1] - cuts[i] > widest) {
			widest = cuts[i + 1] - cuts[i];
			best = (cuts[i + 1] + cuts[i]) / 2;
		}
	}
	return best;
}

static void ramp_label(const struct plot *plot, const struct shown *shown)
{
	struct arena *arena = plot->canvas->arena;
	const cJSON *words = plot->canvas->words;
	struct side_label labels[PLOT_LABELS_MAX];
	size_t count = 0;
	if (shown->live.count == 0)
		return;
	labels[count++] = (struct side_label){name_y(plot, shown, &shown->live, NULL),
			COLOR_S1,
			words_say(arena, words, "ramp.live", NULL),
			at_end(plot->canvas, shown->live.last, shown->times)};
	if (shown->all.count)
		labels[count++] = (struct side_label){name_y(plot, shown, &shown->all, &shown->live),
				COLOR_INK,
				words_say(arena, words, "ramp.closed", NULL),
				at_end(plot->canvas, shown->all.last, shown->times)};
	if (shown->capacity > 0) {
		const char *limit = words_say(arena,
				words,
				"ramp.limit",
				"capacity",
				view_figure_of(arena, shown->capacity, UNIT_COUNT),
				NULL);
		const char *target = words_say(arena,
				words,
				"ramp.target",
				"share",
				view_figure_of(arena, shown->target, UNIT_RATIO),
				NULL);
		labels[count++] =
				(struct side_label){plot_y(plot, shown->capacity), COLOR_INK, limit, NULL};
		labels[count++] = (struct side_label){plot_y(plot, shown->capacity * shown->target),
				COLOR_INK,
				target,
				NULL};
	}
	plot_side_labels(plot, plot->x + plot->width + 8, labels, count);
}

/* --- several loads, one on the other --- */

/* A load's band of the area of live connections. */
struct band {
	const char *name;
	double *low, *high; /* connections at each moment: those of the loads below, and with its own */
	size_t points;
};

static void band_read(const cJSON *load, struct band *band)
{
	const cJSON *value;
	size_t i = 0;
	cJSON_ArrayForEach(value, view_array(load, "live")) {
		if (i < band->points)
			band->high[i] = band->low[i] + plot_sane(ramp_number_at(value));
		i++;
	}
	for (; i < band->points; i++)
		band->high[i] = band->low[i];
}

static double band_width(const struct band *band, size_t i)
{
	return band->high[i] - band->low[i];
}

/* The middle of the first stretch where it is about as wide as anywhere. */
static size_t band_middle(const struct band *band)
{
	double widest = 0;
	size_t first = 0;
	for (size_t i = 0; i < band->points; i++)
		widest = fmax(widest, band_width(band, i));
	while (first + 1 < band->points && band_width(band, first) < 0.9 * widest)
		first++;
	size_t last = first;
	while (last + 1 < band->points && band_width(band, last + 1) >= 0.9 * widest)
		last++;
	return (first + last) / 2;
}

static void band_name(const struct plot *plot, const struct shown *shown, const struct band *band)
{
	const size_t at = band_middle(band);
	const double low = plot_y(plot, band->low[at]), high = plot_y(plot, band->high[at]);
	const double half = canvas_text_width(band->name, PLOT_SMALL, false) / 2 + 4;
	const double t = ramp_number_at(cJSON_GetArrayItem(shown->times, (int)at));
	if (low - high < PLOT_LINE || 2 * half > plot->width)
		return;
	double x = fmax(plot_x(plot, t), plot->x + half);
	x = fmin(x, plot->x + plot->width - half);
	canvas_text(plot->canvas,
			x,
			(low + high) / 2 + 4,
			PLOT_SMALL,
			ANCHOR_MIDDLE,
			COLOR_BG,
			band->name);
}

static void band_edge(const struct plot *plot, const struct shown *shown, const struct band *band)
{
	struct curve curve = {.count = 0};
	cJSON *values = cJSON_CreateDoubleArray(band->high, (int)band->points);
	ramp_collect(plot, shown->times, values, NULL, &curve);
	cJSON_Delete(values);
	canvas_poly(plot->canvas, curve.points, curve.count, false, COLOR_NONE, COLOR_BG, 1.2);
}

/* Which load the connections are of. */
static void draw_loads(const struct plot *plot, const cJSON *root, const struct shown *shown)
{
	struct arena *arena = plot->canvas->arena;
	const size_t count = view_count(root, "timeline.loads");
	struct band band = {.points = (size_t)cJSON_GetArraySize(shown->times)};
	const cJSON *load;
	size_t index = 0;
	if (count < 2 || count > LOADS_DRAWN_MAX || !band.points)
		return;
	band.low = arena_alloc(arena, band.points * sizeof *band.low);
	band.high = arena_alloc(arena, band.points * sizeof *band.high);
	cJSON_ArrayForEach(load, view_array(root, "timeline.loads")) {
		band.name = view_text(arena, load, "load", 40);
		band_read(load, &band);
		if (++index < count)
			band_edge(plot, shown, &band);
		band_name(plot, shown, &band);
		memcpy(band.low, band.high, band.points * sizeof *band.low);
	}
}

/* The line is in the picture unless the plan stays far below it. */
static double capacity_shown(const cJSON *root, double peak)
{
	double capacity = view_number(root, "page.charts.ramp.limit.capacity");
	return isfinite(capacity) && capacity > 0 && capacity <= 5 * peak ? capacity : 0;
}

static void subtitle(struct canvas *canvas, const cJSON *root, double capacity)
{
	struct arena *arena = canvas->arena;
	const char *title = view_text(arena, root, "page.charts.ramp.limit.title", 60);
	const char *text = words_say(arena,
			canvas->words,
			capacity > 0     ? "ramp.axis.limit"
					: *title ? "ramp.axis.far"
							 : "ramp.axis",
			"limit",
			title,
			"capacity",
			view_figure(arena, root, "page.charts.ramp.limit.capacity", UNIT_COUNT),
			NULL);
	(void)canvas_label(canvas,
			3,
			14,
			PLOT_SMALL,
			ANCHOR_START,
			COLOR_INK2,
			false,
			text,
			canvas->width - 4);
}

struct canvas *chart_ramp(struct arena *arena, const cJSON *root, const cJSON *item)
{
	(void)item;
	const cJSON *live = view_array(root, "timeline.series.live"),
				*closed = view_array(root, "timeline.series.time_wait");
	struct shown shown = {.times = view_array(root, "timeline.t"),
			.target = view_number(root, "target_utilization")};
	bool staged = view_count(root, "workload.stages") > 0;
	struct canvas *canvas =
			canvas_new(arena, "ramp", CHART_WIDTH, TOP + PLOT_HEIGHT + (staged ? 46 : 26));
	canvas->words = words_of(root);
	canvas->title = words_say(arena, canvas->words, "ramp.title", NULL);
	canvas->finding = view_raw(root, "page.charts.ramp.finding");
	double peak = peak_of(live, closed), end_s = 0;
	const cJSON *time;
	cJSON_ArrayForEach(time, shown.times)
		end_s = fmax(end_s, plot_sane(ramp_number_at(time)));
	shown.target = shown.target > 0 && shown.target <= 1 ? shown.target : 1;
	shown.capacity = capacity_shown(root, peak);
	struct plot plot = {.canvas = canvas,
			.y = TOP,
			.width = CHART_WIDTH - RIGHT,
			.height = PLOT_HEIGHT,
			.end_x = end_s > 0 ? end_s : 1};
	plot.end_y = plot_end(fmax(fmax(peak, shown.capacity) * 1.04, 1), 10);
	subtitle(canvas, root, shown.capacity);
	plot_rows(&plot, UNIT_COUNT, true);
	plot_columns(&plot, UNIT_SECONDS);
	ramp_collect(&plot, shown.times, live, NULL, &shown.live);
	ramp_collect(&plot, shown.times, live, closed && closed->child ? closed : live, &shown.all);
	if (!closed || !closed->child || !isfinite(ramp_number_at(closed->child)))
		shown.all.count = 0;
	draw_area(&plot, &shown.all, &shown.live, COLOR_S2);
	draw_area(&plot, &shown.live, NULL, COLOR_S1);
	draw_loads(&plot, root, &shown);
	if (shown.capacity > 0)
		draw_limit(&plot, shown.capacity, shown.target);
	draw_crossing(&plot, root, shown.capacity, shown.target);
	draw_stages(&plot, root);
	ramp_label(&plot, &shown);
	ramp_draw_break(&plot, root, &shown);
	return canvas;
}
