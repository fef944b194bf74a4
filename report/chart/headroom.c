/* Every limit against the plan: one row each, its highest safe load now and after the changes. A
 * label stands beside its dot where it meets nothing else, or else in the margin. */
#include <math.h>
#include <string.h>

#include "report/chart/track.h"
#include "report/chart/words.h"
#include "report/document/verdict.h"
#include "report/document/view.h"

enum {
	NAME_X = 20,
	TEXT_X = 178, /* where rows have a text instead of two numbers */
	NEED_X = 276, /* the right edges of two columns of numbers */
	ALLOW_X = 354,
	FIELD_X = 366,
	FIELD_TOP = 26,
	FIELD_END = 8,
	ROW_HEIGHT = 23,
	CAUSE_HEIGHT = 16,
	NAME_SIZE = 13,
	FOOT_LINES = 2,
	GAP = 4, /* between a label and what it must not meet */
	SPANS_MAX = 8
};

static const double label_size = 12.5; /* 8.1 points on paper */

struct limits_chart {
	struct track track;
	const cJSON *rows;
	int shown;
	double row_height;
	double bottom, margin; /* the margin at the right, for labels that fit nowhere else */
};

/* A part of a row that something has. */
struct taken {
	double from, to;
};

struct row_space {
	struct taken taken[SPANS_MAX];
	size_t count;
};

static void space_take(struct row_space *space, double from, double to)
{
	if (space->count < SPANS_MAX)
		space->taken[space->count++] = (struct taken){from - GAP, to + GAP};
}

static bool is_free(const struct row_space *space, double from, double to)
{
	for (size_t i = 0; i < space->count; i++)
		if (from < space->taken[i].to && to > space->taken[i].from)
			return false;
	return true;
}

/* The nearest free place of this width to x: at the end of something that is taken. NAN: none. */
static double nearest(const struct limits_chart *chart,
		const struct row_space *space,
		double x,
		double width)
{
	double best = (double)NAN;
	double start = chart->track.x + GAP;
	double end = start + chart->track.width - 2 * GAP;
	for (size_t i = 0; i < 2 * space->count; i++) {
		const struct taken *taken = &space->taken[i / 2];
		bool after = i % 2 != 0;
		double left = taken->to;
		if (!after)
			left = taken->from - width;
		bool fits = left >= start;
		if (left + width > end)
			fits = false;
		if (!fits || !is_free(space, left, left + width))
			continue;
		double away = fabs(left + width / 2 - x);
		if (isnan(best) || away < fabs(best + width / 2 - x))
			best = left;
	}
	return best;
}

/* What the shapes of a row have. */
static struct row_space space_of(const struct limits_chart *chart, const cJSON *row)
{
	struct row_space space = {.count = 0};
	const struct track *track = &chart->track;
	double plan = track_place(track, 1);
	double now = track_place(track, view_number(row, "multiple"));
	double after = view_number(row, "multiple_after");
	space_take(&space, plan, plan);
	if (isnan(view_number(row, "multiple"))) {
		space_take(&space, track->x, track_best(track, row));
		return space;
	}
	const double half = TRACK_DOT + 2;
	double end = now;
	if (!isnan(after))
		end = track_place(track, after);
	double from = fmin(now, end);
	double to = fmax(now, end);
	space_take(&space, from - half, to + half);
	return space;
}

/* Beside its dot, and on the same side of the plan. */
static bool is_beside(const struct limits_chart *chart, double left, double width, double x)
{
	const double most = 3 * GAP + 2 * TRACK_DOT;
	double plan = track_place(&chart->track, 1);
	if (isnan(left) || (x > plan && left < plan))
		return false;
	return left - x < most && x - left - width < most;
}

static bool put_beside(const struct limits_chart *chart,
		struct row_space *space,
		struct op *label,
		double x)
{
	double width = canvas_text_width(label->text, label->w, label->bold);
	double left = nearest(chart, space, x, width);
	if (!is_beside(chart, left, width, x))
		return false;
	space_take(space, left, left + width);
	label->x = left;
	return true;
}

/* Into the margin. Returns the width that it wants there. */
static double put_in_margin(const struct limits_chart *chart,
		struct row_space *space,
		struct op *label)
{
	const double ellipsis = 16;
	struct canvas *canvas = chart->track.canvas;
	double width = canvas_text_width(label->text, label->w, label->bold);
	double left = chart->track.x + chart->track.width + GAP;
	for (size_t i = 0; i < space->count; i++)
		if (space->taken[i].to > left && space->taken[i].from >= chart->track.x)
			left = space->taken[i].to;
	double room = canvas->width - left;
	label->x = left;
	if (room < ellipsis)
		label->text = "";
	else
		label->text = canvas_fit(canvas->arena, label->text, label->w, label->bold, room);
	space_take(space, left, left + width);
	return left + width + GAP - (chart->track.x + chart->track.width);
}

/* A label near x, in its short form where the long one has no place. Returns the margin that it
 * wants; 0: none. */
static double place_label(const struct limits_chart *chart,
		struct row_space *space,
		struct op *label,
		const char *brief,
		double x)
{
	if (put_beside(chart, space, label, x))
		return 0;
	if (*brief)
		label->text = brief;
	if (*brief && put_beside(chart, space, label, x))
		return 0;
	return put_in_margin(chart, space, label);
}

static void put_label(struct canvas *canvas, const struct op *label, double y, enum color color)
{
	double baseline = canvas_baseline(y, label->w);
	if (!*label->text)
		return;
	canvas_text(canvas, label->x, baseline, label->w, ANCHOR_START, color, label->text)->bold =
			label->bold;
}

/* The labels of a row, drawn if `draw`; returns the widest that has no place in the field. */
static double row_labels(const struct limits_chart *chart, const cJSON *row, double y, bool draw)
{
	struct canvas *canvas = chart->track.canvas;
	struct row_space space = space_of(chart, row);
	bool known = !isnan(view_number(row, "multiple"));
	double now = track_place(&chart->track, view_number(row, "multiple"));
	if (!known)
		now = track_best(&chart->track, row);
	bool loud = view_true(row, "tightest") || !known;
	struct op first = {.w = label_size,
			.bold = loud || document_status(row) == STATUS_FAIL,
			.text = view_raw(row, "says_now")};
	struct op second = {.w = label_size, .bold = true, .text = view_raw(row, "says_after")};
	double after = track_place(&chart->track, view_number(row, "multiple_after"));
	double lacks = 0;
	if (*second.text)
		lacks = place_label(chart, &space, &second, "", after);
	lacks = fmax(lacks, place_label(chart, &space, &first, view_raw(row, "says_briefly"), now));
	if (!draw)
		return lacks;
	enum color color = track_color_now(row);
	if (color == COLOR_PASS && !first.bold)
		color = COLOR_INK;
	put_label(canvas, &first, y, color);
	put_label(canvas, &second, y, track_color_after(row));
	return lacks;
}

/* The middle of a row's first line. */
static double limits_row_y(const struct limits_chart *chart, int index)
{
	return FIELD_TOP + chart->row_height * index + ROW_HEIGHT / 2.0;
}

/* Room at the left of the first decade for the labels of what fails. */
static double room_for_failing(const struct limits_chart *chart)
{
	const double most = 130;
	double widest = 0;
	const cJSON *row;
	cJSON_ArrayForEach(row, chart->rows)
		if (view_number(row, "multiple") < 1)
			widest = fmax(widest, canvas_text_width(view_raw(row, "says_now"), label_size, true));
	return fmin(widest, most) + 3 * GAP + TRACK_DOT;
}

static void measure_field(struct limits_chart *chart)
{
	const double beyond = 34;
	struct track *track = &chart->track;
	track->width = CHART_WIDTH - FIELD_END - chart->margin - FIELD_X;
	track->inner = FIELD_X + room_for_failing(chart);
	track->reach = FIELD_X + track->width - beyond;
}

/* The margin is as wide as the widest label that the field has no place for. */
static void headroom_make_room(struct limits_chart *chart)
{
	const double most = 240;
	double lacks = 0;
	int index = 0;
	const cJSON *row;
	measure_field(chart);
	cJSON_ArrayForEach(row, chart->rows) {
		double wants = row_labels(chart, row, 0, false);
		lacks = fmax(lacks, wants);
		index++;
		if (index == chart->shown)
			break;
	}
	chart->margin = fmin(lacks, most);
	measure_field(chart);
}

/* Where the name of a row must end. */
static double name_end(const cJSON *row)
{
	const double apart = 8;
	const char *need = view_raw(row, "need");
	if (!*need)
		return TEXT_X - apart;
	return NEED_X - canvas_text_width(need, label_size, false) - apart;
}

/* "TIME_WAIT (only warns)", "Accept queue, 0.0.0.0:80". What does not fit is left out, but never
 * why the limit does not decide. */
static const char *name_of_limit(struct arena *arena, const cJSON *row, bool bold)
{
	const char *title = view_text(arena, row, "title", 300);
	const char *instance = view_text(arena, row, "instance", 100);
	const char *aside = view_raw(row, "aside");
	double width = name_end(row) - NAME_X;
	if (*aside)
		aside = canvas_fit(arena, arena_printf(arena, " (%s)", aside), NAME_SIZE, bold, width);
	if (*instance) {
		const char *whole = arena_printf(arena, "%s, %s%s", title, instance, aside);
		if (canvas_text_width(whole, NAME_SIZE, bold) <= width)
			return whole;
	}
	width -= canvas_text_width(aside, NAME_SIZE, bold);
	title = canvas_fit(arena, title, NAME_SIZE, bold, width);
	return arena_printf(arena, "%s%s", title, aside);
}

static void draw_figure(struct canvas *canvas, double right, double baseline, const char *text)
{
	(void)canvas_label(canvas,
			right,
			baseline,
			label_size,
			ANCHOR_END,
			COLOR_INK2,
			false,
			text,
			ALLOW_X - NEED_X - 6);
}

/* What the plan needs and what the limit allows, or a text about both. */
static void draw_beside(const struct limits_chart *chart, const cJSON *row, double y)
{
	struct canvas *canvas = chart->track.canvas;
	double baseline = canvas_baseline(y, label_size);
	if (*view_raw(row, "need")) {
		draw_figure(canvas, NEED_X, baseline, view_raw(row, "need"));
		draw_figure(canvas, ALLOW_X, baseline, view_raw(row, "allows"));
		return;
	}
	(void)canvas_label(canvas,
			TEXT_X,
			baseline,
			label_size,
			ANCHOR_START,
			COLOR_INK2,
			false,
			view_raw(row, "needs"),
			FIELD_X - TEXT_X - 8);
}

static void draw_heads(const struct limits_chart *chart)
{
	struct canvas *canvas = chart->track.canvas;
	const cJSON *first = cJSON_GetArrayItem(chart->rows, 0);
	const double baseline = FIELD_TOP - 10;
	if (!*view_raw(first, "need"))
		return;
	const char *need = words_say(canvas->arena, canvas->words, "headroom.column.need", NULL);
	const char *allows = words_say(canvas->arena, canvas->words, "headroom.column.allows", NULL);
	draw_figure(canvas, NEED_X, baseline, need);
	draw_figure(canvas, ALLOW_X, baseline, allows);
}

/* Under its name: what moved the limit. */
static void draw_cause(const struct limits_chart *chart, const cJSON *row, double y)
{
	(void)canvas_label(chart->track.canvas,
			NAME_X,
			canvas_baseline(y, label_size) + CAUSE_HEIGHT,
			label_size,
			ANCHOR_START,
			COLOR_INK2,
			false,
			view_raw(row, "cause"),
			FIELD_X - NAME_X - 8);
}

static void headroom_row(const struct limits_chart *chart, const cJSON *row, int index)
{
	struct canvas *canvas = chart->track.canvas;
	enum status status = document_status(row);
	double y = limits_row_y(chart, index);
	bool bold = status == STATUS_FAIL || view_true(row, "tightest");
	canvas_mark(canvas, 9, y, 12, status, color_of_status(status));
	canvas_text(canvas,
			NAME_X,
			canvas_baseline(y, NAME_SIZE),
			NAME_SIZE,
			ANCHOR_START,
			COLOR_INK,
			name_of_limit(canvas->arena, row, bold))
			->bold = bold;
	draw_beside(chart, row, y);
	if (chart->row_height > ROW_HEIGHT)
		draw_cause(chart, row, y);
	track_row(&chart->track, row, y);
	(void)row_labels(chart, row, y, true);
}

/* Around x, or as near as it can be at the right of the columns. */
static void draw_centered(const struct limits_chart *chart,
		double x,
		double baseline,
		bool bold,
		const char *text)
{
	struct canvas *canvas = chart->track.canvas;
	enum color color = COLOR_INK2;
	double room = canvas->width - FIELD_X;
	double half = fmin(canvas_text_width(text, label_size, bold), room) / 2;
	double middle = fmax(fmin(x, canvas->width - half), FIELD_X + half);
	if (bold)
		color = COLOR_INK;
	(void)canvas_label(canvas,
			middle,
			baseline,
			label_size,
			ANCHOR_MIDDLE,
			color,
			bold,
			text,
			room);
}

static void draw_plan_line(const struct limits_chart *chart, const char *text)
{
	double x = track_place(&chart->track, 1);
	canvas_line(chart->track.canvas, x, FIELD_TOP - 6, x, chart->bottom, COLOR_INK, 2, false);
	draw_centered(chart, x, FIELD_TOP - 10, true, text);
}

/* The lines of a text, or of its short form where the long one has no room. */
static size_t foot_lines(const struct limits_chart *chart, const cJSON *page, const char **lines)
{
	struct canvas *canvas = chart->track.canvas;
	const char *ellipsis = "…";
	double width = FIELD_X - NAME_X - 8;
	const char *text = view_raw(page, "more");
	size_t count = canvas_wrap(canvas->arena, text, label_size, width, lines, FOOT_LINES);
	if (count > 0 && strstr(lines[count - 1], ellipsis))
		count = canvas_wrap(canvas->arena,
				view_raw(page, "more_briefly"),
				label_size,
				width,
				lines,
				FOOT_LINES);
	return count;
}

/* Which limits are not drawn: beside the scale and what the axis is. */
static void draw_more(const struct limits_chart *chart, const cJSON *page)
{
	const double leading = 16, first = chart->bottom + 20;
	const char *lines[FOOT_LINES];
	size_t count = 0;
	if (*view_raw(page, "more"))
		count = foot_lines(chart, page, lines);
	for (size_t i = 0; i < count; i++)
		(void)canvas_text(chart->track.canvas,
				NAME_X,
				first + leading * (double)i,
				label_size,
				ANCHOR_START,
				COLOR_INK2,
				lines[i]);
}

/* What the axis is. */
static void draw_foot(const struct limits_chart *chart)
{
	struct canvas *canvas = chart->track.canvas;
	const char *text = words_say(canvas->arena, canvas->words, "headroom.axis", NULL);
	double middle = FIELD_X + chart->track.width / 2;
	track_scale(&chart->track, chart->bottom, label_size);
	draw_centered(chart, middle, chart->bottom + 36, false, text);
}

/* What the two charts differ in. */
struct limits_kind {
	const char *name, *page, *title;
	double row_height;
};

static struct canvas *limits_chart_of(struct arena *arena,
		const cJSON *root,
		const struct limits_kind *kind)
{
	const cJSON *page = view_object(root, kind->page);
	struct limits_chart chart = {
			.rows = view_array(page, "rows"),
			.row_height = kind->row_height,
	};
	chart.shown = track_rows_shown(page);
	chart.bottom = FIELD_TOP + chart.row_height * (double)chart.shown;
	struct canvas *canvas = canvas_new(arena, kind->name, CHART_WIDTH, chart.bottom + 42);
	canvas->words = words_of(root);
	canvas->title = words_say(arena, canvas->words, kind->title, NULL);
	canvas->finding = view_raw(page, "finding");
	chart.track = (struct track){.canvas = canvas, .x = FIELD_X};
	track_span(&chart.track, chart.rows);
	headroom_make_room(&chart);
	track_zones(&chart.track, FIELD_TOP, chart.bottom - FIELD_TOP);
	draw_heads(&chart);
	draw_plan_line(&chart, view_raw(page, "plan"));
	const cJSON *row;
	int index = 0;
	cJSON_ArrayForEach(row, chart.rows) {
		if (index == chart.shown)
			break;
		headroom_row(&chart, row, index);
		index++;
	}
	draw_foot(&chart);
	draw_more(&chart, page);
	return canvas;
}

struct canvas *chart_headroom(struct arena *arena, const cJSON *root, const cJSON *item)
{
	static const struct limits_kind kind = {
			"headroom",
			"page.charts.headroom",
			"headroom.title",
			ROW_HEIGHT,
	};
	(void)item;
	return limits_chart_of(arena, root, &kind);
}

struct canvas *chart_drift(struct arena *arena, const cJSON *root, const cJSON *item)
{
	static const struct limits_kind kind = {
			"drift",
			"page.charts.drift",
			"drift.title",
			ROW_HEIGHT + CAUSE_HEIGHT,
	};
	(void)item;
	return limits_chart_of(arena, root, &kind);
}
