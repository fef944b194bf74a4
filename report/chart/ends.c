/* The way of a connection: a box for each end, with what it carries, from left to right, or one
 * below the other on a narrow screen. */
#include "report/chart/chart.h"
#include "report/chart/words.h"
#include "report/document/view.h"

enum {
	ENDS_MOST = 4,
	ENDS_TOP = 26,
	ENDS_HEIGHT = 106,
	ENDS_GAP = 46,
	ENDS_NARROW = 364,
	ENDS_ARROW = 24, /* of a narrow one: from the left edge */
	ENDS_PAD = 12,
	ENDS_TEXT = 13,
	ENDS_SMALL = 13
};

struct ends {
	struct canvas *canvas;
	double width; /* of a box */
	double top;   /* of the box that is drawn */
	bool narrow;
};

static const char *say(const struct ends *ends, const char *key)
{
	return words_say(ends->canvas->arena, ends->canvas->words, key, NULL);
}

static void draw_frame(const struct ends *ends, double x, enum color color, double wide)
{
	double right = x + ends->width, bottom = ends->top + ENDS_HEIGHT;
	const double points[] = {x, ends->top, right, ends->top, right, bottom, x, bottom};
	canvas_poly(ends->canvas, points, 4, true, COLOR_NONE, color, wide);
}

/* To the right of a box whose right edge is at x. */
static void draw_arrow(const struct ends *ends, double x)
{
	double y = ends->top + ENDS_HEIGHT / 2.0, to = x + ENDS_GAP - 6;
	const double head[] = {to, y, to - 9, y - 5, to - 9, y + 5};
	canvas_line(ends->canvas, x + 6, y, to - 8, y, COLOR_INK, 2, false);
	canvas_poly(ends->canvas, head, 3, true, COLOR_INK, COLOR_NONE, 0);
}

/* Below the box. */
static void draw_arrow_down(const struct ends *ends)
{
	const double x = ENDS_ARROW;
	double y = ends->top + ENDS_HEIGHT, to = y + ENDS_GAP - 6;
	const double head[] = {x, to, x - 5, to - 9, x + 5, to - 9};
	canvas_line(ends->canvas, x, y + 6, x, to - 8, COLOR_INK, 2, false);
	canvas_poly(ends->canvas, head, 3, true, COLOR_INK, COLOR_NONE, 0);
}

/* A name at the left, a figure at the right, on one line of the box. */
static void draw_line(const struct ends *ends,
		double x,
		double y,
		const char *name,
		const char *figure,
		enum color color)
{
	double inner = ends->width - 2 * ENDS_PAD;
	double wide = canvas_text_width(figure, ENDS_SMALL, true);
	(void)canvas_label(ends->canvas,
			x + ends->width - ENDS_PAD,
			y,
			ENDS_SMALL,
			ANCHOR_END,
			color,
			true,
			figure,
			inner);
	if (wide + 40 < inner)
		(void)canvas_label(ends->canvas,
				x + ENDS_PAD,
				y,
				ENDS_SMALL,
				ANCHOR_START,
				COLOR_INK,
				false,
				name,
				inner - wide - 8);
}

static void draw_words(const struct ends *ends, double x, double y, bool bold, const char *text)
{
	double size = ENDS_SMALL;
	if (bold)
		size = ENDS_TEXT + 1;
	(void)canvas_label(ends->canvas,
			x + ENDS_PAD,
			y,
			size,
			ANCHOR_START,
			COLOR_INK,
			bold,
			text,
			ends->width - 2 * ENDS_PAD);
}

/* In the middle, or beside the arrow. */
static void draw_above(const struct ends *ends, double x, enum color color, const char *text)
{
	double place = x + ends->width / 2, room = ends->width;
	enum text_anchor anchor = ANCHOR_MIDDLE;
	if (ends->narrow) {
		place = x + ends->width;
		room -= 2.0 * ENDS_ARROW;
		anchor = ANCHOR_END;
	}
	(void)canvas_label(ends->canvas,
			place,
			ends->top - 9,
			ENDS_SMALL,
			anchor,
			color,
			true,
			text,
			room);
}

/* What the fixes give, and who could not be judged: at most two lines. */
static void draw_below(const struct ends *ends, const cJSON *row, double x)
{
	struct arena *arena = ends->canvas->arena;
	const char *after = view_text(arena, row, "after", 60);
	double y = ends->top + 97, room = ends->width;
	if (*after == '\0') {
		draw_words(ends, x, y, false, view_text(arena, row, "unknown", 60));
		return;
	}
	draw_line(ends, x, y, say(ends, "ends.after"), after, COLOR_PASS);
	const char *unknown = view_text(arena, row, "unknown", 60);
	if (ends->narrow)
		room -= 2.0 * ENDS_ARROW;
	if (*unknown)
		(void)canvas_label(ends->canvas,
				x + ends->width,
				ends->top + ENDS_HEIGHT + 15,
				ENDS_SMALL,
				ANCHOR_END,
				COLOR_INK2,
				false,
				unknown,
				room);
}

static void draw_box(const struct ends *ends, const cJSON *row, double x)
{
	struct arena *arena = ends->canvas->arena;
	bool narrowest = view_true(row, "narrowest"), fails = view_true(row, "fails");
	const char *limit = view_text(arena, row, "limit", 60);
	const char *above = "ends.narrowest";
	enum color color = COLOR_INK;
	if (fails) {
		above = "ends.narrowest.fails";
		color = COLOR_FAIL;
	}
	if (fails)
		canvas_rect(ends->canvas, x, ends->top, ends->width, ENDS_HEIGHT, COLOR_FAIL2);
	if (narrowest)
		draw_frame(ends, x, color, 3);
	else
		draw_frame(ends, x, COLOR_S4, 1.2);
	if (narrowest)
		draw_above(ends, x, color, say(ends, above));
	else if (view_true(row, "narrowest_after"))
		draw_above(ends, x, COLOR_INK, say(ends, "ends.narrowest.after"));
	draw_words(ends, x, ends->top + 21, true, view_text(arena, row, "title", 60));
	draw_words(ends, x, ends->top + 39, false, view_text(arena, row, "each", 80));
	if (*limit)
		limit = words_say(arena, ends->canvas->words, "ends.limit", "limit", limit, NULL);
	draw_words(ends, x, ends->top + 59, false, limit);
	if (*view_raw(row, "now"))
		draw_line(ends,
				x,
				ends->top + 79,
				say(ends, "ends.now"),
				view_text(arena, row, "now", 60),
				color);
	draw_below(ends, row, x);
}

static struct ends ends_open(struct arena *arena,
		const cJSON *root,
		const char *name,
		double height)
{
	struct ends ends = {.top = ENDS_TOP};
	ends.canvas = canvas_new(arena, name, CHART_WIDTH, height);
	ends.canvas->words = words_of(root);
	ends.canvas->title = say(&ends, "ends.title");
	ends.canvas->finding = view_text(arena, root, "page.charts.ends.finding", 400);
	return ends;
}

struct canvas *chart_ends(struct arena *arena, const cJSON *root, const cJSON *item)
{
	const cJSON *rows = view_array(root, "page.charts.ends.rows"), *row;
	size_t count = view_count(root, "page.charts.ends.rows"), at = 0;
	struct ends ends = ends_open(arena, root, "ends", ENDS_TOP + ENDS_HEIGHT + 20);
	(void)item;
	if (count == 0 || count > ENDS_MOST)
		return ends.canvas;
	ends.width = (CHART_WIDTH - 4 - (double)(count - 1) * ENDS_GAP) / (double)count;
	cJSON_ArrayForEach(row, rows) {
		double x = 2 + (double)at * (ends.width + ENDS_GAP);
		draw_box(&ends, row, x);
		if (++at < count)
			draw_arrow(&ends, x + ends.width);
	}
	return ends.canvas;
}

struct canvas *chart_ends_narrow(struct arena *arena, const cJSON *root, const cJSON *item)
{
	const double step = ENDS_HEIGHT + ENDS_GAP;
	const cJSON *rows = view_array(root, "page.charts.ends.rows"), *row;
	size_t count = view_count(root, "page.charts.ends.rows"), at = 0;
	(void)item;
	if (count > ENDS_MOST)
		count = 0;
	struct ends ends = ends_open(arena, root, "ends-narrow", step * (double)count + 4);
	ends.canvas->width = ENDS_NARROW;
	ends.narrow = true;
	if (count == 0)
		return ends.canvas;
	ends.width = ENDS_NARROW - 4;
	cJSON_ArrayForEach(row, rows) {
		ends.top = ENDS_TOP + step * (double)at;
		draw_box(&ends, row, 2);
		if (++at < count)
			draw_arrow_down(&ends);
	}
	return ends.canvas;
}
