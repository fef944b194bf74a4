/* The port space: the ephemeral range, reserved ports and listeners on a strip from 0 to 65535. */
#include <math.h>
#include <string.h>

#include "model/text.h"
#include "report/chart/chart.h"
#include "report/write/view.h"

enum { STRIP_X = 10, STRIP_Y = 44, STRIP_HEIGHT = 34, PORTS_MAX = 65535, SMALL_SIZE = 12 };

static double x_of(double port)
{
	return STRIP_X + (CHART_WIDTH - 2 * STRIP_X) * fmin(fmax(port, 0), PORTS_MAX) / PORTS_MAX;
}

static void draw_range(struct canvas *canvas, const cJSON *row)
{
	double first = view_number(row, "first"), last = view_number(row, "last");
	if (!isfinite(first) || !isfinite(last) || last < first)
		return;
	double width = fmax(x_of(last) - x_of(first), 1);
	bool range = strcmp(view_raw(row, "note"), "range") == 0;
	canvas_rect(canvas, x_of(first), STRIP_Y, width, STRIP_HEIGHT, range ? COLOR_S1 : COLOR_INK2);
	if (range && width > 120)
		canvas_text(canvas, x_of(first) + width / 2, STRIP_Y + 22, 13, ANCHOR_MIDDLE, COLOR_BG,
		            view_text(canvas->arena, row, "title", 40))->bold = true;
}

/* Listeners alternate above and below the strip; where labels would meet, only the tick is drawn. */
static void draw_listener(struct canvas *canvas, const cJSON *row, double busy[2])
{
	bool inside = strcmp(view_raw(row, "note"), "inside") == 0;
	double x = x_of(view_number(row, "first"));
	int below = inside ? 0 : 1;
	enum color color = inside ? COLOR_FAIL : COLOR_INK;
	canvas_line(canvas, x, STRIP_Y - (below ? 0 : 8), x, STRIP_Y + STRIP_HEIGHT + (below ? 8 : 0), color, 2, false);
	const char *label = view_text(canvas->arena, row, "title", 24);
	double width = 7 * (double)strlen(label);
	bool edge = x + width / 2 > CHART_WIDTH, start = x - width / 2 < 0;
	double left = start ? x : edge ? x - width : x - width / 2;
	if (left < busy[below])
		return;
	busy[below] = left + width + 10;
	canvas_text(canvas, x, below ? STRIP_Y + STRIP_HEIGHT + 21 : STRIP_Y - 12, SMALL_SIZE,
	            edge ? ANCHOR_END : start ? ANCHOR_START : ANCHOR_MIDDLE, color, label);
}

struct canvas *chart_ports(struct arena *arena, const cJSON *root, const cJSON *item)
{
	(void)item;
	const cJSON *rows = view_array(root, "page.charts.ports.rows"), *row;
	struct canvas *canvas = canvas_new(arena, "ports", CHART_WIDTH, STRIP_Y + STRIP_HEIGHT + 48);
	canvas->title = "Local ports of this host";
	canvas->finding = view_raw(root, "page.charts.ports.finding");
	canvas_rect(canvas, STRIP_X, STRIP_Y, CHART_WIDTH - 2 * STRIP_X, STRIP_HEIGHT, COLOR_BAND2);
	cJSON_ArrayForEach(row, rows)
		if (strcmp(view_raw(row, "note"), "range") == 0 || strcmp(view_raw(row, "note"), "reserved") == 0)
			draw_range(canvas, row);
	double busy[2] = {-1000, -1000};
	cJSON_ArrayForEach(row, rows)
		if (strcmp(view_raw(row, "note"), "inside") == 0 || strcmp(view_raw(row, "note"), "listener") == 0)
			draw_listener(canvas, row, busy);
	canvas_text(canvas, STRIP_X, STRIP_Y + STRIP_HEIGHT + 40, SMALL_SIZE, ANCHOR_START, COLOR_INK2, "0");
	canvas_text(canvas, CHART_WIDTH - STRIP_X, STRIP_Y + STRIP_HEIGHT + 40, SMALL_SIZE, ANCHOR_END, COLOR_INK2, "65535");
	canvas_text(canvas, CHART_WIDTH / 2.0, STRIP_Y + STRIP_HEIGHT + 40, SMALL_SIZE, ANCHOR_MIDDLE, COLOR_INK2,
	            "local port number; marks are listeners");
	return canvas;
}
