/* The limits against the plan on a narrow screen: a block for each, its labels above and below the
 * track and never on it. */
#include <math.h>
#include <string.h>

#include "base/text.h"
#include "report/chart/track.h"
#include "report/chart/words.h"
#include "report/document/verdict.h"
#include "report/document/view.h"

enum {
	NARROW_WIDTH = 364,
	NARROW_TOP = 30,
	BLOCK = 80,
	LARGE = 14,
	SMALL = 13,
	MORE_LINES = 3,
	MORE_LEADING = 17,
	INSET = 18 /* a dot at an end of the axis stays in the track */
};

struct narrow {
	struct track track;
	struct canvas *canvas;
};

static void narrow_text(const struct narrow *narrow,
		double y,
		enum text_anchor anchor,
		enum color color,
		const char *text)
{
	double x = 1;
	bool bold = color != COLOR_INK2;
	if (anchor == ANCHOR_END)
		x = NARROW_WIDTH - 1;
	(void)canvas_label(narrow->canvas,
			x,
			y,
			SMALL,
			anchor,
			color,
			bold,
			text,
			NARROW_WIDTH / 2.0 - 6);
}

/* The name and the use. */
static void narrow_head(const struct narrow *narrow, const cJSON *row, double y)
{
	struct canvas *canvas = narrow->canvas;
	struct arena *arena = canvas->arena;
	enum status status = document_status(row);
	enum color color = color_of_status(status);
	const char *use = view_figure(arena, row, "utilization", UNIT_RATIO);
	use = canvas_fit(arena, use, LARGE, true, 110);
	double wide = canvas_text_width(use, LARGE, true);
	(void)canvas_label(canvas,
			1,
			y,
			LARGE,
			ANCHOR_START,
			COLOR_INK,
			true,
			view_text(arena, row, "title", 300),
			NARROW_WIDTH - wide - 34);
	canvas_text(canvas, NARROW_WIDTH - 1, y, LARGE, ANCHOR_END, color, use)->bold = true;
	canvas_mark(canvas, NARROW_WIDTH - wide - 12, y - 5, 12, status, color);
}

/* "advisory, 15,000 of 131,072" */
static const char *narrow_beside(struct arena *arena, const cJSON *row)
{
	const char *aside = view_raw(row, "aside");
	const char *needs = view_raw(row, "needs");
	const char *instance = view_text(arena, row, "instance", 60);
	struct text text = {0};
	const char *parts[] = {view_raw(row, "cause"), aside, needs, instance};
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
		if (*parts[i] && text.length)
			text_add(&text, ", ");
		text_add(&text, parts[i]);
	}
	return text_take(arena, &text);
}

static void narrow_block(const struct narrow *narrow, const cJSON *row, double top)
{
	struct canvas *canvas = narrow->canvas;
	const double beside = 32, track = 39, height = 12, labels = 67;
	double plan = track_place(&narrow->track, 1);
	enum color color = track_color_now(row);
	if (color == COLOR_PASS)
		color = COLOR_INK;
	narrow_head(narrow, row, top + 15);
	(void)canvas_label(canvas,
			1,
			top + beside,
			SMALL,
			ANCHOR_START,
			COLOR_INK2,
			false,
			narrow_beside(canvas->arena, row),
			NARROW_WIDTH - 2);
	track_zones(&narrow->track, top + track, height);
	canvas_line(canvas, plan, top + track - 2, plan, top + track + height + 2, COLOR_INK, 2, false);
	track_row(&narrow->track, row, top + track + height / 2);
	narrow_text(narrow, top + labels, ANCHOR_START, color, view_raw(row, "says_now"));
	narrow_text(narrow,
			top + labels,
			ANCHOR_END,
			track_color_after(row),
			view_raw(row, "says_after"));
	canvas_line(canvas, 0, top + BLOCK - 4, NARROW_WIDTH, top + BLOCK - 4, COLOR_GRID, 1, false);
}

/* Which limits have no block: its lines below y. */
static void narrow_more(const struct narrow *narrow,
		double y,
		const char *const *lines,
		size_t count)
{
	for (size_t i = 0; i < count; i++)
		(void)canvas_text(narrow->canvas,
				1,
				y + MORE_LEADING * (double)(i + 1),
				SMALL,
				ANCHOR_START,
				COLOR_INK2,
				lines[i]);
}

static void narrow_foot(const struct narrow *narrow, double y)
{
	struct canvas *canvas = narrow->canvas;
	const char *text = words_say(canvas->arena, canvas->words, "headroom.axis.narrow", NULL);
	track_scale(&narrow->track, y, SMALL);
	(void)canvas_label(canvas,
			NARROW_WIDTH / 2.0,
			y + 36,
			SMALL,
			ANCHOR_MIDDLE,
			COLOR_INK2,
			false,
			text,
			NARROW_WIDTH - 2);
}

static struct canvas *narrow_chart(struct arena *arena,
		const cJSON *root,
		const char *name,
		const cJSON *page)
{
	const cJSON *rows = view_array(page, "rows");
	int shown = track_rows_shown(page);
	double bottom = NARROW_TOP + BLOCK * (double)shown;
	const char *lines[MORE_LINES];
	const char *more = view_raw(page, "more");
	size_t count = 0;
	if (*more)
		count = canvas_wrap(arena, more, SMALL, NARROW_WIDTH - 2, lines, MORE_LINES);
	double height = bottom + 44 + MORE_LEADING * (double)count;
	struct canvas *canvas = canvas_new(arena, name, NARROW_WIDTH, height);
	struct narrow narrow = {.canvas = canvas};
	canvas->words = words_of(root);
	canvas->finding = view_raw(page, "finding");
	narrow.track = (struct track){.canvas = canvas, .width = NARROW_WIDTH};
	narrow.track.inner = INSET;
	narrow.track.reach = NARROW_WIDTH - 2 * INSET;
	track_span(&narrow.track, rows);
	(void)canvas_label(canvas,
			1,
			SMALL + 2,
			SMALL,
			ANCHOR_START,
			COLOR_INK,
			true,
			view_raw(page, "plan"),
			NARROW_WIDTH - 2);
	const cJSON *row;
	int index = 0;
	cJSON_ArrayForEach(row, rows) {
		if (index == shown)
			break;
		narrow_block(&narrow, row, NARROW_TOP + BLOCK * (double)index);
		index++;
	}
	narrow_foot(&narrow, bottom);
	narrow_more(&narrow, bottom + 38, lines, count);
	return canvas;
}

struct canvas *chart_headroom_narrow(struct arena *arena, const cJSON *root, const cJSON *item)
{
	(void)item;
	const cJSON *page = view_object(root, "page.charts.headroom");
	struct canvas *canvas = narrow_chart(arena, root, "headroom-narrow", page);
	canvas->title = words_say(arena, canvas->words, "headroom.title", NULL);
	return canvas;
}

struct canvas *chart_drift_narrow(struct arena *arena, const cJSON *root, const cJSON *item)
{
	(void)item;
	const cJSON *page = view_object(root, "page.charts.drift");
	struct canvas *canvas = narrow_chart(arena, root, "drift-narrow", page);
	canvas->title = words_say(arena, canvas->words, "drift.title", NULL);
	return canvas;
}
