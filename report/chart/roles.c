/* What a host can carry without a plan: for each kind of load its highest safe one, today and after
 * the changes, on one logarithmic axis. */
#include <math.h>
#include <string.h>

#include "report/chart/chart.h"
#include "report/chart/words.h"
#include "report/document/view.h"

enum {
	ROLES_MOST = 12,
	ROLES_ROW = 28,
	ROLES_TOP = 24,
	ROLES_FIELD = 352, /* where the field begins */
	ROLES_LIMITS = 186,
	ROLES_DOT = 5,
	ROLES_GAP = 8
};

static const double roles_size = 12.5;

struct roles {
	struct canvas *canvas;
	const cJSON *rows;
	int shown;
	double inner, reach; /* where the axis begins and ends */
	double from, to;     /* logarithms */
};

static bool roles_has(double value)
{
	return isfinite(value) && value >= 1;
}

/* Whole decades around all values. */
static void roles_span(struct roles *roles)
{
	const double most = 12;
	const char *const members[] = {"now", "after"};
	const cJSON *row;
	double low = INFINITY, high = 0;
	cJSON_ArrayForEach(row, roles->rows)
		for (size_t i = 0; i < 2; i++) {
			double value = view_number(row, members[i]);
			if (!roles_has(value))
				continue;
			low = fmin(low, value);
			high = fmax(high, value);
		}
	if (high <= 0)
		low = high = 1000;
	roles->from = floor(log10(low));
	roles->to = fmax(roles->from + 1, ceil(log10(high)));
	roles->from = fmax(roles->from, roles->to - most);
}

static double roles_x(const struct roles *roles, double value)
{
	double share = (log10(value) - roles->from) / (roles->to - roles->from);
	return roles->inner + fmin(1, fmax(0, share)) * (roles->reach - roles->inner);
}

/* Room for the widest label at each end. */
static void roles_make_room(struct roles *roles)
{
	const double most = 130;
	const cJSON *row;
	double left = 40, right = 40;
	cJSON_ArrayForEach(row, roles->rows) {
		double now = canvas_text_width(view_raw(row, "says_now"), roles_size, true);
		double after = canvas_text_width(view_raw(row, "says_after"), roles_size, true);
		left = fmax(left, now);
		right = fmax(right, fmax(after, now));
	}
	const double beside = ROLES_DOT + ROLES_GAP + 2;
	roles->inner = ROLES_FIELD + fmin(left, most) + beside;
	roles->reach = CHART_WIDTH - fmin(right, most) - beside;
}

static void roles_text(const struct roles *roles,
		double x,
		double y,
		enum text_anchor anchor,
		enum color color,
		const char *text,
		double width)
{
	(void)canvas_label(roles->canvas,
			x,
			canvas_baseline(y, roles_size),
			roles_size,
			anchor,
			color,
			color != COLOR_INK2,
			text,
			width);
}

/* Where there is no room for two limits, today's alone. */
static const char *roles_limits(const struct roles *roles, const cJSON *row, double room)
{
	struct arena *arena = roles->canvas->arena;
	const char *limits = view_text(arena, row, "limits", 120);
	const char *arrow = strstr(limits, " → ");
	if (!arrow || canvas_text_width(limits, roles_size, false) <= room)
		return limits;
	return arena_copy(arena, limits, (size_t)(arrow - limits));
}

static void roles_row(const struct roles *roles, const cJSON *row, int index)
{
	struct canvas *canvas = roles->canvas;
	const double most = 130, apart = ROLES_DOT + ROLES_GAP;
	double y = ROLES_TOP + ROLES_ROW * (index + 0.5);
	double now = view_number(row, "now"), after = view_number(row, "after");
	const double left = ROLES_FIELD - ROLES_LIMITS - 8;
	roles_text(roles,
			1,
			y,
			ANCHOR_START,
			COLOR_INK,
			view_text(canvas->arena, row, "title", 80),
			ROLES_LIMITS - 8);
	roles_text(roles,
			ROLES_LIMITS,
			y,
			ANCHOR_START,
			COLOR_INK2,
			roles_limits(roles, row, left),
			left);
	bool grows = roles_has(after) && (!roles_has(now) || after > now);
	double x = roles->inner;
	if (roles_has(now))
		x = roles_x(roles, now);
	if (grows) {
		double end = roles_x(roles, after);
		canvas_line(canvas, x, y, end, y, COLOR_INK2, 1.5, true);
		canvas_circle(canvas, end, y, ROLES_DOT, COLOR_BG, COLOR_PASS);
		roles_text(roles,
				end + apart,
				y,
				ANCHOR_START,
				COLOR_PASS,
				view_raw(row, "says_after"),
				most);
	}
	if (roles_has(now))
		canvas_circle(canvas, x, y, ROLES_DOT, COLOR_INK, COLOR_NONE);
	roles_text(roles, x - apart, y, ANCHOR_END, COLOR_INK, view_raw(row, "says_now"), most);
}

static void roles_tick(const struct roles *roles, double decade, double bottom)
{
	struct canvas *canvas = roles->canvas;
	const char *figure = view_figure_of(canvas->arena, pow(10, decade), UNIT_COUNT);
	double x = roles_x(roles, pow(10, decade));
	canvas_line(canvas, x, bottom, x, bottom + 4, COLOR_S4, 1, false);
	struct op *tick = canvas_label(canvas,
			x,
			bottom + 17,
			roles_size,
			ANCHOR_MIDDLE,
			COLOR_INK2,
			false,
			figure,
			80);
	tick->tick = true;
}

static void roles_scale(const struct roles *roles, double bottom)
{
	struct canvas *canvas = roles->canvas;
	const double middle = (ROLES_FIELD + CHART_WIDTH) / 2.0;
	const double step = ceil((roles->to - roles->from) / 4);
	double decade = roles->from;
	while (decade <= roles->to) {
		roles_tick(roles, decade, bottom);
		decade += step;
	}
	(void)canvas_label(canvas,
			middle,
			bottom + 35,
			roles_size,
			ANCHOR_MIDDLE,
			COLOR_INK2,
			false,
			words_say(canvas->arena, canvas->words, "roles.axis", NULL),
			CHART_WIDTH - ROLES_FIELD);
}

struct canvas *chart_roles(struct arena *arena, const cJSON *root, const cJSON *item)
{
	(void)item;
	struct roles roles = {.rows = view_array(root, "page.charts.roles.rows")};
	roles.shown = cJSON_GetArraySize(roles.rows);
	if (roles.shown > ROLES_MOST)
		roles.shown = ROLES_MOST;
	double bottom = ROLES_TOP + ROLES_ROW * (double)roles.shown;
	struct canvas *canvas = canvas_new(arena, "roles", CHART_WIDTH, bottom + 42);
	canvas->words = words_of(root);
	canvas->title = words_say(arena, canvas->words, "roles.title", NULL);
	canvas->finding = view_raw(root, "page.charts.roles.finding");
	roles.canvas = canvas;
	roles_span(&roles);
	roles_make_room(&roles);
	canvas_rect(canvas,
			ROLES_FIELD,
			ROLES_TOP,
			CHART_WIDTH - ROLES_FIELD,
			bottom - ROLES_TOP,
			COLOR_PANEL);
	roles_text(&roles,
			ROLES_LIMITS,
			ROLES_TOP - 11,
			ANCHOR_START,
			COLOR_INK2,
			words_say(arena, canvas->words, "roles.limits", NULL),
			ROLES_FIELD - ROLES_LIMITS - 8);
	const cJSON *row;
	int index = 0;
	cJSON_ArrayForEach(row, roles.rows) {
		if (index == roles.shown)
			break;
		roles_row(&roles, row, index);
		index++;
	}
	roles_scale(&roles, bottom);
	return canvas;
}
