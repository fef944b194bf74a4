/* Lines of use: labels stand outside the frame, so that none of them can meet a line. */
#include "report/chart/lines.h"

#include <math.h>

#include "report/chart/axis.h"
#include "report/chart/words.h"
#include "report/document/view.h"

enum {
	LINES_NARROW = 364,
	LINES_FRAME = 190,
	LINES_LOW = 125,
	LINES_STRIP = 36,
	LINES_GAP = 10,
	LINES_CLOCK = 26,
	LINES_SIDE = 190,  /* at the right of a wide drawing: the labels */
	LINES_DIGITS = 20, /* at the right of a narrow one: their numbers */
	LINES_TICKS = 8
};

static const enum color lines_colors[LINES_MAX] = {COLOR_INK,
		COLOR_S1,
		COLOR_INK2,
		COLOR_S4,
		COLOR_INK2};

static const char *lines_word(const struct lines *lines, const char *key)
{
	const struct canvas *canvas = lines->plot.canvas;
	return words_say(canvas->arena, canvas->words, key, NULL);
}

/* --- the frame ------------------------------------------------------------------------------ */

/* Twice the limit at most: a line that goes beyond leaves the frame, and its label says how far. */
static double lines_end(double most)
{
	const double air = 1.04, least = 1.15, top = 2;
	return fmin(fmax(most * air, least), top);
}

/* A share of the vertical axis; those of the limit and of the target have a name. */
struct lines_tick {
	double share;
	const char *text;
	bool named, bold;
};

static void lines_add_tick(const struct lines *lines,
		struct lines_tick *ticks,
		size_t *count,
		const struct lines_tick *tick)
{
	const double apart = PLOT_LINE;
	const struct plot *plot = &lines->plot;
	double y = plot_y(plot, tick->share);
	for (size_t i = 0; i < *count; i++)
		if (fabs(plot_y(plot, ticks[i].share) - y) < apart)
			return;
	if (tick->share <= plot->end_y && *count < LINES_TICKS)
		ticks[(*count)++] = *tick;
}

static const char *lines_share(const struct lines *lines, const char *key, double share)
{
	const struct canvas *canvas = lines->plot.canvas;
	const char *text = view_figure_of(canvas->arena, share, UNIT_RATIO);
	if (!key)
		return text;
	return words_say(canvas->arena, canvas->words, key, "share", text, NULL);
}

/* The limit and the target first: the others stay away from them. */
static size_t lines_ticks(const struct lines *lines, struct lines_tick ticks[LINES_TICKS])
{
	static const double shares[] = {0, 0.5, 1.5, 2, 0.25};
	size_t count = 0;
	const struct lines_tick limit = {1, lines_share(lines, "lines.limit", 1), true, true};
	const struct lines_tick target = {
			lines->target,
			lines_share(lines, "lines.target", lines->target),
			true,
			false,
	};
	lines_add_tick(lines, ticks, &count, &limit);
	lines_add_tick(lines, ticks, &count, &target);
	for (size_t i = 0; i < sizeof shares / sizeof *shares; i++) {
		const struct lines_tick tick = {shares[i],
				lines_share(lines, NULL, shares[i]),
				false,
				false};
		lines_add_tick(lines, ticks, &count, &tick);
	}
	return count;
}

/* The left edge, so that the axis and the name of the strip have room. */
static void lines_set_left(struct lines *lines)
{
	const double most = 130;
	struct lines_tick ticks[LINES_TICKS];
	struct plot *plot = &lines->plot;
	size_t count = lines_ticks(lines, ticks);
	double right = plot->x + plot->width;
	double widest = canvas_text_width(lines_word(lines, "lines.connections"), PLOT_SMALL, false);
	for (size_t i = 0; i < count; i++)
		widest = fmax(widest, canvas_text_width(ticks[i].text, PLOT_SMALL, ticks[i].bold));
	plot->x = fmin(widest, most) + 2 + LINES_GAP;
	plot->width = right - plot->x;
}

static void lines_rule(const struct lines *lines, double share, enum color color, bool dashed)
{
	const struct plot *plot = &lines->plot;
	double y = plot_y(plot, share), wide = 1;
	if (color == COLOR_INK)
		wide = 2;
	canvas_line(plot->canvas, plot->x, y, plot->x + plot->width, y, color, wide, dashed);
}

static void lines_figure(const struct lines *lines, const struct lines_tick *tick)
{
	const struct plot *plot = &lines->plot;
	enum color color = COLOR_INK2;
	if (tick->bold)
		color = COLOR_INK;
	struct op *op = canvas_label(plot->canvas,
			plot->x - LINES_GAP,
			canvas_baseline(plot_y(plot, tick->share), PLOT_SMALL),
			PLOT_SMALL,
			ANCHOR_END,
			color,
			tick->bold,
			tick->text,
			plot->x - LINES_GAP);
	op->tick = true;
}

/* The first two are the limit and the target. */
static void lines_draw_frame(const struct lines *lines)
{
	struct lines_tick ticks[LINES_TICKS];
	size_t count = lines_ticks(lines, ticks);
	for (size_t i = 0; i < count; i++)
		if (!ticks[i].named)
			lines_rule(lines, ticks[i].share, COLOR_GRID, false);
	lines_rule(lines, lines->target, COLOR_S4, true);
	lines_rule(lines, 1, COLOR_INK, false);
	for (size_t i = 0; i < count; i++)
		lines_figure(lines, &ticks[i]);
}

/* --- lines --------------------------------------------------------------------------------- */

static double lines_dashed_from(const struct lines *lines, const struct line *line)
{
	if (line->ghost)
		return 0;
	if (lines->after && !isnan(lines->broken_s))
		return lines->broken_s;
	return INFINITY;
}

static void lines_draw_line(const struct lines *lines, size_t index)
{
	const struct line *line = &lines->line[index];
	struct trace how = {
			.color = lines_colors[index],
			.width = 2,
			.dashed_from = lines_dashed_from(lines, line),
	};
	if (index == 0)
		how.width = 3;
	if (line->ghost)
		how.width = 1.5;
	trace_line(&lines->plot, line, &how);
}

/* --- labels --------------------------------------------------------------------------------- */

static void lines_draw_labels(const struct lines *lines)
{
	const struct plot *plot = &lines->plot;
	struct side_label labels[PLOT_LABELS_MAX];
	for (size_t i = 0; i < lines->count; i++) {
		const struct line *line = &lines->line[i];
		labels[i] = (struct side_label){
				plot_y(plot, line->peak),
				lines_colors[i],
				line->name,
				line->note,
		};
		if (!lines->narrow)
			continue;
		labels[i].first = view_figure_of(plot->canvas->arena, (double)i + 1, UNIT_COUNT);
		labels[i].second = NULL;
	}
	plot_side_labels(plot, plot->x + plot->width + 8, labels, lines->count);
}

/* What is said of the break: its lines, and the widest. */
static size_t lines_break_rows(const struct lines *lines, const char *row[2], double *ret_wide)
{
	const double bold = 0.88; /* of the width that lines are broken for */
	struct canvas *canvas = lines->plot.canvas;
	double room = canvas->width - 2;
	size_t rows = 1;
	row[0] = lines->broken;
	*ret_wide = canvas_text_width(row[0], PLOT_SMALL, true);
	if (lines->narrow && *ret_wide > room) {
		rows = canvas_wrap(canvas->arena, lines->broken, PLOT_SMALL, room * bold, row, 2);
		*ret_wide = canvas_text_width(row[0], PLOT_SMALL, true);
	}
	*ret_wide = fmin(*ret_wide, room);
	return rows;
}

/* It stands over the frame, as near to its second as it fits. */
static void lines_say_break(const struct lines *lines, double x)
{
	struct canvas *canvas = lines->plot.canvas;
	const char *row[2];
	double wide;
	size_t rows = lines_break_rows(lines, row, &wide);
	double left = fmax(fmin(x - 6, canvas->width - wide - 1), 1);
	for (size_t i = 0; i < rows; i++) {
		double above = PLOT_LINE * (double)(rows - 1 - i);
		(void)canvas_label(canvas,
				left,
				lines->plot.y - LINES_GAP - 4 - above,
				PLOT_SMALL,
				ANCHOR_START,
				COLOR_FAIL,
				true,
				row[i],
				canvas->width - left);
	}
}

static bool lines_broke(const struct lines *lines)
{
	return lines->broken_s >= 0 && lines->broken_s <= lines->plot.end_x;
}

static void lines_draw_break(const struct lines *lines)
{
	const double mark = 17;
	const struct plot *plot = &lines->plot;
	double x = plot_x(plot, lines->broken_s), y = plot_y(plot, 1);
	canvas_line(plot->canvas, x, plot->y - LINES_GAP, x, lines->bottom, COLOR_FAIL, 1.5, false);
	canvas_mark(plot->canvas, x, y, mark, STATUS_FAIL, COLOR_FAIL);
	lines_say_break(lines, x);
}

/* --- the strip ------------------------------------------------------------------------------ */

static void lines_strip_labels(const struct lines *lines, const struct plot *strip)
{
	struct canvas *canvas = strip->canvas;
	double y = strip->y + strip->height / 2;
	(void)canvas_label(canvas,
			strip->x - LINES_GAP,
			canvas_baseline(y, PLOT_SMALL),
			PLOT_SMALL,
			ANCHOR_END,
			COLOR_INK2,
			false,
			lines_word(lines, "lines.connections"),
			strip->x - LINES_GAP);
	if (lines->narrow)
		return;
	struct side_label label = {y, COLOR_S1, lines->strip.held.note, lines->strip.planned.note};
	plot_side_labels(strip, strip->x + strip->width + 8, &label, 1);
}

static void lines_draw_strip(struct lines *lines)
{
	struct plot strip = lines->plot;
	const struct line *held = &lines->strip.held;
	const struct trace now = {COLOR_S1, 2, lines_dashed_from(lines, held)};
	const struct trace planned = {COLOR_INK2, 1.5, 0};
	strip.y = lines->plot.y + lines->plot.height + LINES_GAP;
	strip.height = LINES_STRIP;
	strip.end_y = fmax(lines->strip.most, 1) * 1.1;
	double floor = strip.y + strip.height;
	canvas_line(strip.canvas, strip.x, floor, strip.x + strip.width, floor, COLOR_S4, 1, false);
	trace_line(&strip, held, &now);
	trace_line(&strip, &lines->strip.planned, &planned);
	lines_strip_labels(lines, &strip);
}

/* --- all of it ------------------------------------------------------------------------------ */

/* The rows that name the lines of a narrow drawing. */
static int lines_legend_rows(const struct lines *lines)
{
	if (!lines->narrow)
		return 0;
	return (int)lines->count + 1;
}

static double lines_top(const struct lines *lines)
{
	const double bare = 26;
	if (isnan(lines->broken_s))
		return bare;
	if (lines->narrow)
		return bare + 2 * PLOT_LINE;
	return bare + PLOT_LINE;
}

struct canvas *lines_open(struct arena *arena, const cJSON *root, struct lines *lines)
{
	double width = CHART_WIDTH, side = LINES_SIDE;
	if (lines->narrow) {
		width = LINES_NARROW;
		side = LINES_DIGITS;
	}
	double top = lines_top(lines), strip = LINES_GAP + LINES_STRIP;
	double frame = LINES_FRAME;
	if (lines->low)
		frame = LINES_LOW;
	int rows = lines->rows + lines_legend_rows(lines);
	rows += lines->after != NULL;
	double height = top + frame + strip + LINES_ROW * (double)rows + LINES_CLOCK;
	struct canvas *canvas = canvas_new(arena, lines->name, width, height);
	canvas->words = words_of(root);
	lines->plot = (struct plot){
			.canvas = canvas,
			.y = top,
			.width = width - side,
			.height = frame,
			.end_x = lines->end_s,
			.end_y = lines_end(lines->most),
	};
	if (!(lines->end_s > 0))
		lines->plot.end_x = 1;
	lines->bottom = top + frame + strip;
	if (!(lines->target > 0 && lines->target <= 1))
		lines->target = 1;
	lines_set_left(lines);
	return canvas;
}

void lines_draw(struct lines *lines)
{
	const struct plot *plot = &lines->plot;
	bool broke = lines_broke(lines);
	double x = plot_x(plot, lines->broken_s), height = lines->bottom - plot->y;
	if (broke)
		canvas_rect(plot->canvas, x, plot->y, plot->x + plot->width - x, height, COLOR_FAIL3);
	lines_draw_frame(lines);
	for (size_t i = lines->count; i-- > 0;)
		lines_draw_line(lines, i);
	lines_draw_strip(lines);
	if (broke)
		lines_draw_break(lines);
	lines_draw_labels(lines);
}

/* "1 Outgoing ports … peak 106% at 1:53" */
static void lines_legend(const struct lines *lines,
		double y,
		size_t index,
		const char *name,
		const char *note)
{
	struct canvas *canvas = lines->plot.canvas;
	enum color color = COLOR_S1;
	double from = 18, right = canvas->width - 1;
	double wide = fmin(canvas_text_width(note, PLOT_SMALL, false), right - 80);
	if (index < lines->count) {
		color = lines_colors[index];
		const char *number = view_figure_of(canvas->arena, (double)index + 1, UNIT_COUNT);
		canvas_text(canvas, 1, y, PLOT_SMALL, ANCHOR_START, color, number)->bold = true;
	}
	(void)canvas_label(canvas,
			from,
			y,
			PLOT_SMALL,
			ANCHOR_START,
			color,
			true,
			name,
			right - from - wide - LINES_GAP);
	(void)canvas_label(canvas, right, y, PLOT_SMALL, ANCHOR_END, COLOR_INK2, false, note, wide);
}

static const char *lines_strip_note(const struct lines *lines)
{
	const struct strip *strip = &lines->strip;
	if (!strip->planned.note)
		return strip->held.note;
	return arena_printf(lines->plot.canvas->arena, "%s, %s", strip->held.note, strip->planned.note);
}

/* What dashed lines mean. */
static void lines_key(const struct lines *lines, double y)
{
	const double sample = 26;
	struct canvas *canvas = lines->plot.canvas;
	double left = lines->plot.x, middle = canvas_baseline(y, -PLOT_SMALL);
	if (lines->narrow)
		left = 1;
	canvas_line(canvas, left, middle, left + sample, middle, COLOR_INK, 2, true);
	(void)canvas_label(canvas,
			left + sample + 8,
			y,
			PLOT_SMALL,
			ANCHOR_START,
			COLOR_INK2,
			false,
			lines->after,
			canvas->width - left - sample - LINES_GAP);
}

void lines_close(struct lines *lines)
{
	struct plot axis = lines->plot;
	axis.height = lines->bottom - axis.y;
	axis_seconds(&axis);
	double y = lines->bottom + LINES_CLOCK + PLOT_SMALL;
	if (lines->after) {
		lines_key(lines, y);
		y += LINES_ROW;
	}
	if (!lines->narrow)
		return;
	for (size_t i = 0; i < lines->count; i++, y += LINES_ROW)
		lines_legend(lines, y, i, lines->line[i].name, lines->line[i].note);
	lines_legend(lines,
			y,
			lines->count,
			lines_word(lines, "lines.connections"),
			lines_strip_note(lines));
}
