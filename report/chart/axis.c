/* Horizontal axes: where ticks have room, and what they say. */
#include "report/chart/axis.h"

#include <math.h>

#include "base/array.h"
#include "report/chart/chart.h"
#include "report/document/view.h"

/* Times are counted in sixties. */
static const double axis_steps[] = {
		15,
		30,
		60,
		120,
		300,
		600,
		900,
		1800,
		3600,
		7200,
		14400,
		43200,
		86400,
};

static double axis_step(double span, double parts)
{
	const double minute = 60;
	if (span <= minute)
		return plot_step(span, parts);
	for (size_t i = 0; i < COUNT_OF(axis_steps); i++)
		if (span / axis_steps[i] <= parts)
			return axis_steps[i];
	return plot_step(span, parts);
}

const char *axis_clock(struct arena *arena, double seconds, double span)
{
	const double minutes = 120, hour = 3600, longest = 1e9;
	bool fine = isfinite(seconds) && seconds < longest;
	if (!fine || !(span >= minutes))
		return view_figure_of(arena, seconds, UNIT_SECONDS);
	long whole = lround(seconds);
	long minute = whole / 60;
	long second = whole % 60;
	if (span < hour)
		return arena_printf(arena, "%ld:%02ld", minute, second);
	long in_hour = minute % 60;
	return arena_printf(arena, "%ld:%02ld:%02ld", minute / 60, in_hour, second);
}

/* A figure of an axis that ends at `end`. */
typedef const char *axis_figure(struct arena *arena, double value, double end);

static const char *axis_figure_ratio(struct arena *arena, double value, double end)
{
	(void)end;
	return view_figure_of(arena, value, UNIT_RATIO);
}

struct axis {
	const struct plot *plot;
	axis_figure *figure;
	double step;
};

static const char *axis_text(const struct axis *axis, double value)
{
	struct arena *arena = axis->plot->canvas->arena;
	return axis->figure(arena, value, axis->plot->end_x);
}

static double axis_wide(const struct axis *axis, double value)
{
	const char *text = axis_text(axis, value);
	return canvas_text_width(text, PLOT_SMALL, false);
}

/* So many ticks have room: a part of a second is a longer text than a second. */
static double axis_parts(const struct axis *axis)
{
	const double most = 8, apart = 1.5, part = 0.2;
	double end = axis->plot->end_x;
	double widest = fmax(axis_wide(axis, end), axis_wide(axis, end * part));
	double room = axis->plot->width / (apart * widest);
	return fmin(most, fmax(room, 1));
}

static double axis_bottom(const struct axis *axis)
{
	return axis->plot->y + axis->plot->height;
}

static void axis_tick(const struct axis *axis, double value)
{
	const double length = 4;
	double x = plot_x(axis->plot, value);
	double y = axis_bottom(axis);
	canvas_line(axis->plot->canvas, x, y, x, y + length, COLOR_S4, 1, false);
}

/* It stays in the drawing. */
static void axis_say(const struct axis *axis, double value)
{
	const double below = 18;
	struct canvas *canvas = axis->plot->canvas;
	const char *text = axis_text(axis, value);
	double most = canvas->width - axis_wide(axis, value) / 2;
	double x = fmin(plot_x(axis->plot, value), most);
	double y = axis_bottom(axis) + below;
	canvas_text(canvas, x, y, PLOT_SMALL, ANCHOR_MIDDLE, COLOR_INK2, text)->tick = true;
}

static void axis_draw(const struct axis *axis)
{
	const double hair = 1e-9;
	double end = axis->plot->end_x * (1 + hair);
	int count = 1;
	while (count < TICKS_MAX && count * axis->step <= end)
		count++;
	for (int i = 0; i < count; i++)
		axis_tick(axis, i * axis->step);
	for (int i = 0; i < count; i++)
		axis_say(axis, i * axis->step);
}

void axis_shares(const struct plot *plot)
{
	struct axis axis = {.plot = plot, .figure = axis_figure_ratio};
	axis.step = plot_step(plot->end_x, axis_parts(&axis));
	axis_draw(&axis);
}

void axis_seconds(const struct plot *plot)
{
	struct axis axis = {.plot = plot, .figure = axis_clock};
	axis.step = axis_step(plot->end_x, axis_parts(&axis));
	axis_draw(&axis);
}
