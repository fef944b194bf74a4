/* One line of a plot, from its points. */
#include "report/chart/trace.h"

#include <math.h>

#include "report/document/view.h"

enum {
	TRACE_POINTS = 160
};

/* A piece of a line that is drawn at once. */
struct trace_piece {
	const struct plot *plot;
	double points[2 * (TRACE_POINTS + 8)];
	size_t count;
	enum color color;
	double width;
	bool dashed;
};

static void trace_flush(struct trace_piece *piece)
{
	struct canvas *canvas = piece->plot->canvas;
	if (piece->count > 1) {
		canvas_poly(canvas,
				piece->points,
				piece->count,
				false,
				COLOR_NONE,
				piece->color,
				piece->width);
		canvas->ops[canvas->count - 1].dashed = piece->dashed;
	}
	piece->count = 0;
}

/* A point that lies on the line through its neighbors is left out. */
static void trace_put(struct trace_piece *piece, double x, double y)
{
	const double hair = 0.2;
	if (piece->count >= 2) {
		const double *a = piece->points + 2 * (piece->count - 2);
		const double *b = a + 2;
		double share = 0;
		if (x > a[0])
			share = (b[0] - a[0]) / (x - a[0]);
		piece->count -= fabs(a[1] + share * (y - a[1]) - b[1]) < hair;
	}
	if (piece->count > TRACE_POINTS + 4)
		return;
	piece->points[2 * piece->count] = x;
	piece->points[2 * piece->count + 1] = y;
	piece->count++;
}

struct trace_point {
	double t, value;
};

static void trace_put_point(struct trace_piece *piece, struct trace_point point)
{
	double x = plot_x(piece->plot, point.t);
	double y = plot_y(piece->plot, point.value);
	trace_put(piece, x, y);
}

static struct trace_point trace_between(struct trace_point a, struct trace_point b, double share)
{
	return (struct trace_point){
			a.t + share * (b.t - a.t),
			a.value + share * (b.value - a.value),
	};
}

/* An arrow where the line leaves the frame. */
static void trace_leave(const struct trace_piece *piece, double x)
{
	const double half = 5;
	double y = piece->plot->y;
	double top = y - 2 * half + 2;
	const double arrow[] = {
			x - half,
			y,
			x,
			top,
			x + half,
			y,
	};
	canvas_poly(piece->plot->canvas, arrow, 3, true, piece->color, COLOR_NONE, 0);
}

/* From one point to the next, as far as it is inside the frame. */
static void trace_step(struct trace_piece *piece, struct trace_point a, struct trace_point b)
{
	const double end = piece->plot->end_y;
	bool out_a = a.value > end;
	bool out_b = b.value > end;
	struct trace_point cross = b;
	if (out_a != out_b)
		cross = trace_between(a, b, (end - a.value) / (b.value - a.value));
	if (out_a && out_b)
		return;
	if (out_a)
		trace_put_point(piece, cross);
	else if (!piece->count)
		trace_put_point(piece, a);
	if (out_a)
		cross = b;
	trace_put_point(piece, cross);
	if (!out_b)
		return;
	trace_flush(piece);
	trace_leave(piece, plot_x(piece->plot, cross.t));
}

/* The same, dashed from a second on. */
static void trace_go(struct trace_piece *piece,
		struct trace_point a,
		struct trace_point b,
		double broken_s)
{
	bool splits = a.t < broken_s && b.t > broken_s;
	if (splits) {
		double share = (broken_s - a.t) / (b.t - a.t);
		struct trace_point at = trace_between(a, b, share);
		trace_step(piece, a, at);
		a = at;
	}
	bool dashed = a.t >= broken_s;
	if (dashed != piece->dashed)
		trace_flush(piece);
	piece->dashed = dashed;
	trace_step(piece, a, b);
}

/* The next point of a series: of every few the highest, so that a long run stays small and no peak
 * is lost. Time is NAN at the end. */
static struct trace_point trace_next(const cJSON **time, const cJSON **value, size_t every)
{
	struct trace_point best = {(double)NAN, (double)NAN};
	for (size_t i = 0; i < every && *time && *value; i++) {
		double t = view_number(*time, "");
		double share = view_number(*value, "");
		bool better = isfinite(t) && t >= 0 && isfinite(share);
		if (better && !(share <= best.value))
			best = (struct trace_point){plot_sane(t), plot_sane(share)};
		*time = (*time)->next;
		*value = (*value)->next;
	}
	return best;
}

static void trace_all(struct trace_piece *piece, const struct line *line, double broken_s)
{
	int size = cJSON_GetArraySize(line->values);
	size_t every = (size_t)size / TRACE_POINTS + 1;
	const cJSON *time = cJSON_GetArrayItem(line->times, 0);
	const cJSON *value = cJSON_GetArrayItem(line->values, 0);
	struct trace_point before = {(double)NAN, (double)NAN};
	while (time && value) {
		struct trace_point next = trace_next(&time, &value, every);
		if (isnan(next.t) || next.t > piece->plot->end_x || next.t < before.t)
			continue;
		if (!isnan(before.t))
			trace_go(piece, before, next, broken_s);
		before = next;
	}
	trace_flush(piece);
}

void trace_line(const struct plot *plot, const struct line *line, const struct trace *how)
{
	struct trace_piece piece = {
			.plot = plot,
			.color = how->color,
			.width = how->width,
	};
	trace_all(&piece, line, how->dashed_from);
}
