/* The port space: the ephemeral range, reserved ports and listeners on a strip from 0 to 65535. */
#include <math.h>
#include <string.h>

#include "base/text.h"
#include "report/chart/chart.h"
#include "report/chart/plot.h"
#include "report/chart/words.h"
#include "report/document/view.h"

enum {
	STRIP_X = 10,
	STRIP_Y = 66,
	STRIP_HEIGHT = 34,
	PORTS_MAX = 65535,
	LANES = 2,
	TICK = 9
};

static double x_of(double port)
{
	return STRIP_X + (CHART_WIDTH - 2 * STRIP_X) * fmin(plot_sane(port), PORTS_MAX) / PORTS_MAX;
}

static bool is_kind(const cJSON *row, const char *kind)
{
	return strcmp(view_raw(row, "note"), kind) == 0;
}

static void draw_range(struct canvas *canvas, const cJSON *row)
{
	double first = view_number(row, "first"), last = view_number(row, "last");
	if (!isfinite(first) || !isfinite(last) || last < first)
		return;
	double width = fmax(x_of(last) - x_of(first), 1.5), middle = x_of(first) + width / 2,
		   y = STRIP_Y + 22;
	bool range = is_kind(row, "range");
	canvas_rect(canvas, x_of(first), STRIP_Y, width, STRIP_HEIGHT, range ? COLOR_S1 : COLOR_INK2);
	char from[NUMBER_TEXT_MAX], to[NUMBER_TEXT_MAX];
	const char *text = arena_printf(canvas->arena,
			"%s %s–%s",
			view_text(canvas->arena, row, "title", 40),
			text_plain_number(from, first),
			text_plain_number(to, last));
	if (range && canvas_text_width(text, PLOT_TEXT, true) < width - 12)
		canvas_text(canvas, middle, y, PLOT_TEXT, ANCHOR_MIDDLE, COLOR_BG, text)->bold = true;
}

/* Listeners in the range stand above the strip, the others below, in two lanes each; what finds no
 * room is a tick without a name. */
struct lanes {
	double busy[2][LANES];
};

static int free_lane(const struct lanes *lanes, bool below, double left)
{
	for (int lane = 0; lane < LANES; lane++)
		if (left >= lanes->busy[below][lane])
			return lane;
	return -1;
}

static void draw_listener(struct canvas *canvas, const cJSON *row, struct lanes *lanes)
{
	bool below = !is_kind(row, "inside");
	double x = x_of(view_number(row, "first"));
	enum color color = below ? COLOR_INK : COLOR_FAIL;
	const char *label = canvas_fit(canvas->arena,
			view_text(canvas->arena, row, "title", 60),
			PLOT_SMALL,
			false,
			150);
	double width = canvas_text_width(label, PLOT_SMALL, false);
	double left = fmin(fmax(x - width / 2, 1), CHART_WIDTH - width - 1);
	int lane = free_lane(lanes, below, left);
	double reach = TICK + (lane > 0 ? lane * PLOT_LINE : 0);
	if (!below) /* seen on the range's color, in grey too */
		canvas_line(canvas, x, STRIP_Y, x, STRIP_Y + STRIP_HEIGHT, COLOR_BG, 5, false);
	canvas_line(canvas,
			x,
			below ? STRIP_Y : STRIP_Y - reach,
			x,
			STRIP_Y + STRIP_HEIGHT + (below ? reach : 0),
			color,
			2,
			false);
	if (lane < 0)
		return;
	lanes->busy[below][lane] = left + width + 10;
	/* A name in the first lane must not stand on the tick of one in the second. */
	lanes->busy[below][0] = lane ? fmax(lanes->busy[below][0], x + 6) : lanes->busy[below][0];
	double y = below ? STRIP_Y + STRIP_HEIGHT + reach + 12 : STRIP_Y - reach - 4;
	canvas_text(canvas, left + width / 2, y, PLOT_SMALL, ANCHOR_MIDDLE, color, label)->halo = true;
}

static void ports_draw_scale(struct canvas *canvas)
{
	double y = STRIP_Y + STRIP_HEIGHT + TICK + 2 * PLOT_LINE + 20;
	canvas_text(canvas, STRIP_X, y, PLOT_SMALL, ANCHOR_START, COLOR_INK2, "0")->tick = true;
	canvas_text(canvas, CHART_WIDTH - STRIP_X, y, PLOT_SMALL, ANCHOR_END, COLOR_INK2, "65535")
			->tick = true;
	(void)canvas_label(canvas,
			CHART_WIDTH / 2.0,
			y,
			PLOT_SMALL,
			ANCHOR_MIDDLE,
			COLOR_INK2,
			false,
			words_say(canvas->arena, canvas->words, "ports.axis", NULL),
			CHART_WIDTH - 160);
	(void)canvas_label(canvas,
			3,
			14,
			PLOT_SMALL,
			ANCHOR_START,
			COLOR_INK2,
			false,
			words_say(canvas->arena, canvas->words, "ports.marks", NULL),
			CHART_WIDTH - 4);
}

struct canvas *chart_ports(struct arena *arena, const cJSON *root, const cJSON *item)
{
	(void)item;
	const cJSON *rows = view_array(root, "page.charts.ports.rows"), *row;
	struct canvas *canvas = canvas_new(arena,
			"ports",
			CHART_WIDTH,
			STRIP_Y + STRIP_HEIGHT + TICK + 2 * PLOT_LINE + 26);
	canvas->words = words_of(root);
	canvas->title = words_say(arena, canvas->words, "ports.title", NULL);
	canvas->finding = view_raw(root, "page.charts.ports.finding");
	canvas_rect(canvas, STRIP_X, STRIP_Y, CHART_WIDTH - 2 * STRIP_X, STRIP_HEIGHT, COLOR_BAND2);
	cJSON_ArrayForEach(row, rows)
		if (is_kind(row, "range") || is_kind(row, "reserved"))
			draw_range(canvas, row);
	struct lanes lanes = {0};
	cJSON_ArrayForEach(row, rows)
		if (is_kind(row, "inside") || is_kind(row, "listener"))
			draw_listener(canvas, row, &lanes);
	ports_draw_scale(canvas);
	return canvas;
}
