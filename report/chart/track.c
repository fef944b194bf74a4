/* Dots, bars and ticks on an axis of multiples. */
#include "report/chart/track.h"

#include <math.h>

#include "report/document/verdict.h"
#include "report/document/view.h"

/* From a thousandth of the plan to a hundred times as much; a tenth and ten at least. */
static const double least_decade = -3, most_decade = 2;

static void span_over(struct track *track, double multiple)
{
	const double hair = 1e-9;
	if (!(multiple > 0) || isinf(multiple))
		return;
	track->from = fmin(track->from, floor(log10(multiple) + hair));
	track->to = fmax(track->to, ceil(log10(multiple) - hair));
}

int track_rows_shown(const cJSON *chart)
{
	const cJSON *rows = view_array(chart, "rows");
	double shown = view_number(chart, "shown");
	int count = cJSON_GetArraySize(rows);
	if (shown < count)
		count = (int)shown;
	if (count > TRACK_ROWS_MAX)
		return TRACK_ROWS_MAX;
	return count;
}

void track_span(struct track *track, const cJSON *rows)
{
	const cJSON *row;
	track->from = -1;
	track->to = 1;
	cJSON_ArrayForEach(row, rows) {
		span_over(track, view_number(row, "multiple"));
		span_over(track, view_number(row, "multiple_after"));
		span_over(track, view_number(row, "best"));
	}
	track->from = fmax(track->from, least_decade);
	track->to = fmin(track->to, most_decade);
}

bool track_is_beyond(const struct track *track, double multiple)
{
	const double hair = 1e-9;
	return multiple > 0 && log10(multiple) > track->to + hair;
}

double track_place(const struct track *track, double multiple)
{
	if (!(multiple >= pow(10, track->from)))
		return track->x + TRACK_DOT + 4;
	if (track_is_beyond(track, multiple))
		return track->x + track->width - TRACK_DOT - 4;
	double decades = track->to - track->from;
	double width = track->reach - track->inner;
	double share = (log10(multiple) - track->from) / decades;
	return track->inner + width * fmin(share, 1);
}

void track_zones(const struct track *track, double top, double height)
{
	double plan = track_place(track, 1);
	double fails = plan - track->x;
	double passes = track->width - fails;
	canvas_rect(track->canvas, track->x, top, fails, height, COLOR_FAIL3);
	canvas_rect(track->canvas, plan, top, passes, height, COLOR_PASS3);
}

/* "0.01×", "0.1×", "1×", "100×". */
static const char *decade_text(struct arena *arena, double decade)
{
	double multiple = pow(10, decade);
	return arena_printf(arena, "%s×", view_figure_of(arena, multiple, UNIT_COUNT));
}

static double place_of_decade(const struct track *track, int index)
{
	double decade = track->from + index;
	return track_place(track, pow(10, decade));
}

/* A figure, if it stands apart from the last one, which ended at *end. */
static void scale_figure(const struct track *track, int index, double y, double size, double *end)
{
	const double apart = 8;
	struct canvas *canvas = track->canvas;
	double x = place_of_decade(track, index);
	const char *text = decade_text(canvas->arena, track->from + index);
	double half = canvas_text_width(text, size, false) / 2;
	if (x - half < *end + apart)
		return;
	if (x + half > canvas->width)
		return;
	struct op *op = canvas_text(canvas, x, y, size, ANCHOR_MIDDLE, COLOR_INK2, text);
	op->tick = true;
	*end = x + half;
}

void track_scale(const struct track *track, double y, double size)
{
	const double tick = 4;
	int decades = (int)(track->to - track->from);
	double end = -tick - tick;
	for (int i = 0; i <= decades; i++) {
		double x = place_of_decade(track, i);
		canvas_line(track->canvas, x, y, x, y + tick, COLOR_S4, 1, false);
	}
	for (int i = 0; i <= decades; i++)
		scale_figure(track, i, y + tick + size, size, &end);
}

/* --- a row ---------------------------------------------------------------------------------- */

static bool outlined(const cJSON *row)
{
	return view_true(row, "waived") || view_true(row, "ignored");
}

enum color track_color_now(const cJSON *row)
{
	return color_of_status(document_status(row));
}

enum color track_color_after(const cJSON *row)
{
	double after = view_number(row, "multiple_after");
	if (after >= 1)
		return COLOR_PASS;
	return COLOR_FAIL;
}

struct dot {
	double x, y;
	enum color fill, edge;
};

/* Beyond the axis: an arrow. */
static void draw_beyond(const struct track *track, const struct dot *dot)
{
	const double half = TRACK_DOT;
	double left = dot->x - half;
	const double arrow[] = {
			left,
			dot->y - half,
			dot->x + half,
			dot->y,
			left,
			dot->y + half,
	};
	canvas_poly(track->canvas, arrow, 3, true, dot->fill, dot->edge, 1.8);
}

/* A limit that was waived or ignored: a diamond that is not filled. */
static void draw_aside(const struct track *track, const struct dot *dot)
{
	const double half = TRACK_DOT + 1;
	const double diamond[] = {
			dot->x,
			dot->y - half,
			dot->x + half,
			dot->y,
			dot->x,
			dot->y + half,
			dot->x - half,
			dot->y,
	};
	canvas_poly(track->canvas, diamond, 4, true, COLOR_BG, dot->edge, 1.8);
}

static void draw_now(const struct track *track, const cJSON *row, double y)
{
	double multiple = view_number(row, "multiple");
	enum color color = track_color_now(row);
	const struct dot dot = {
			.x = track_place(track, multiple),
			.y = y,
			.fill = color,
			.edge = color,
	};
	if (outlined(row))
		draw_aside(track, &dot);
	else if (track_is_beyond(track, multiple))
		draw_beyond(track, &dot);
	else
		canvas_circle(track->canvas, dot.x, y, TRACK_DOT, color, COLOR_NONE);
}

static void draw_after(const struct track *track, const cJSON *row, double y)
{
	double multiple = view_number(row, "multiple_after");
	double from = track_place(track, view_number(row, "multiple"));
	enum color color = track_color_after(row);
	const struct dot dot = {
			.x = track_place(track, multiple),
			.y = y,
			.fill = COLOR_BG,
			.edge = color,
	};
	if (fabs(dot.x - from) > 2 * TRACK_DOT)
		canvas_line(track->canvas, from, y, dot.x, y, color, 1.5, true);
	if (track_is_beyond(track, multiple))
		draw_beyond(track, &dot);
	else
		canvas_circle(track->canvas, dot.x, y, TRACK_DOT, COLOR_BG, color);
}

double track_best(const struct track *track, const cJSON *row)
{
	double best = view_number(row, "best");
	if (isnan(best))
		return track->x + track->width;
	return fmax(track_place(track, best), track->x + TRACK_BAR);
}

/* Slanted lines as long as they fit. */
static void draw_hatches(const struct track *track, double right, double top)
{
	enum {
		HATCH = 7
	};
	double room = right - track->x - TRACK_BAR;
	int hatches = (int)fmax(room / HATCH, 0);
	double bottom = top + TRACK_BAR;
	for (int i = 0; i < hatches; i++) {
		double x = track->x + HATCH * i;
		canvas_line(track->canvas, x, bottom, x + TRACK_BAR, top, COLOR_WARN, 1, false);
	}
}

/* From nothing to the best case. */
static void draw_hatched(const struct track *track, const cJSON *row, double y)
{
	double left = track->x;
	double right = track_best(track, row);
	double top = y - TRACK_BAR / 2.0;
	double bottom = top + TRACK_BAR;
	const double frame[] = {
			left,
			top,
			right,
			top,
			right,
			bottom,
			left,
			bottom,
	};
	canvas_rect(track->canvas, left, top, right - left, TRACK_BAR, COLOR_WARN2);
	draw_hatches(track, right, top);
	canvas_poly(track->canvas, frame, 4, true, COLOR_NONE, COLOR_WARN, 1.5);
}

void track_row(const struct track *track, const cJSON *row, double y)
{
	if (isnan(view_number(row, "multiple"))) {
		draw_hatched(track, row, y);
		return;
	}
	if (!isnan(view_number(row, "multiple_after")))
		draw_after(track, row, y);
	draw_now(track, row, y);
}
