/* What a host can carry without a plan: for each kind of load its highest safe one, now and after
 * the changes, on one logarithmic axis. On a narrow screen in blocks, the labels below their dots.
 */
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
	ROLES_GAP = 8,
	ROLES_NARROW = 364,
	ROLES_BLOCK = 84,
	ROLES_INSET = 18 /* a dot at an end of the axis stays in the field */
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

/* Both dots, and what lies between them. Returns whether the changes let it carry more. */
static bool roles_dots(const struct roles *roles, const cJSON *row, double y)
{
	struct canvas *canvas = roles->canvas;
	double now = view_number(row, "now"), after = view_number(row, "after");
	bool grows = roles_has(after) && (!roles_has(now) || after > now);
	double x = roles->inner;
	if (roles_has(now))
		x = roles_x(roles, now);
	if (grows) {
		double end = roles_x(roles, after);
		canvas_line(canvas, x, y, end, y, COLOR_INK2, 1.5, true);
		canvas_circle(canvas, end, y, ROLES_DOT, COLOR_BG, COLOR_PASS);
	}
	if (roles_has(now))
		canvas_circle(canvas, x, y, ROLES_DOT, COLOR_INK, COLOR_NONE);
	return grows;
}

/* Where there is no room for two limits, the one of now alone. */
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
	double x = roles->inner;
	if (roles_has(now))
		x = roles_x(roles, now);
	if (roles_dots(roles, row, y))
		roles_text(roles,
				roles_x(roles, after) + apart,
				y,
				ANCHOR_START,
				COLOR_PASS,
				view_raw(row, "says_after"),
				most);
	roles_text(roles, x - apart, y, ANCHOR_END, COLOR_INK, view_raw(row, "says_now"), most);
}

/* The kind of load, its limits, the field, and what the dots say. */
static void roles_block(const struct roles *roles, const cJSON *row, double top)
{
	const double name = 12, limits = 29, field = 39, high = 16, labels = 69;
	const double half = ROLES_NARROW / 2.0 - 6, right = ROLES_NARROW - 1;
	struct canvas *canvas = roles->canvas;
	const double whole = ROLES_NARROW - 2;
	const char *title = view_text(canvas->arena, row, "title", 80);
	const char *says = roles_limits(roles, row, whole);
	canvas_rect(canvas, 0, top + field, ROLES_NARROW, high, COLOR_PANEL);
	roles_text(roles, 1, top + name, ANCHOR_START, COLOR_INK, title, whole);
	roles_text(roles, 1, top + limits, ANCHOR_START, COLOR_INK2, says, whole);
	says = view_raw(row, "says_now");
	roles_text(roles, 1, top + labels, ANCHOR_START, COLOR_INK, says, half);
	says = view_raw(row, "says_after");
	if (roles_dots(roles, row, top + field + high / 2))
		roles_text(roles, right, top + labels, ANCHOR_END, COLOR_PASS, says, half);
}

static void roles_tick(const struct roles *roles, double decade, double bottom)
{
	struct canvas *canvas = roles->canvas;
	const char *figure = view_figure_of(canvas->arena, pow(10, decade), UNIT_COUNT);
	double x = roles_x(roles, pow(10, decade));
	canvas_line(canvas, x, bottom, x, bottom + 4, COLOR_S4, 1, false);
	double half = canvas_text_width(figure, roles_size, false) / 2;
	double middle = fmax(half + 1, fmin(x, canvas->width - half - 1));
	struct op *tick = canvas_label(canvas,
			middle,
			bottom + 17,
			roles_size,
			ANCHOR_MIDDLE,
			COLOR_INK2,
			false,
			figure,
			80);
	tick->tick = true;
}

/* Decades from tick to tick, so that their figures have room. */
static double roles_step(const struct roles *roles)
{
	const double most = 4, apart = 12;
	struct arena *arena = roles->canvas->arena;
	const char *widest = view_figure_of(arena, pow(10, roles->to), UNIT_COUNT);
	double wide = canvas_text_width(widest, roles_size, false) + apart;
	double parts = fmin(most, floor((roles->reach - roles->inner) / wide));
	if (parts < 1)
		return INFINITY;
	return ceil((roles->to - roles->from) / parts);
}

/* Ticks below the field that begins at `from`, and what they count. */
static void roles_scale(const struct roles *roles, double from, double bottom)
{
	struct canvas *canvas = roles->canvas;
	const double middle = (from + canvas->width) / 2;
	const double step = roles_step(roles);
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
			canvas->width - from);
}

/* Rows of so many units each, from `top` on. */
static struct roles roles_open(struct arena *arena,
		const cJSON *root,
		const char *name,
		double top,
		double each)
{
	struct roles roles = {.rows = view_array(root, "page.charts.roles.rows")};
	roles.shown = cJSON_GetArraySize(roles.rows);
	if (roles.shown > ROLES_MOST)
		roles.shown = ROLES_MOST;
	double bottom = top + each * (double)roles.shown;
	struct canvas *canvas = canvas_new(arena, name, CHART_WIDTH, bottom + 42);
	canvas->words = words_of(root);
	canvas->title = words_say(arena, canvas->words, "roles.title", NULL);
	canvas->finding = view_raw(root, "page.charts.roles.finding");
	roles.canvas = canvas;
	roles_span(&roles);
	return roles;
}

struct canvas *chart_roles(struct arena *arena, const cJSON *root, const cJSON *item)
{
	(void)item;
	struct roles roles = roles_open(arena, root, "roles", ROLES_TOP, ROLES_ROW);
	struct canvas *canvas = roles.canvas;
	double bottom = ROLES_TOP + ROLES_ROW * (double)roles.shown;
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
	for (int i = 0; i < roles.shown; i++)
		roles_row(&roles, cJSON_GetArrayItem(roles.rows, i), i);
	roles_scale(&roles, ROLES_FIELD, bottom);
	return canvas;
}

struct canvas *chart_roles_narrow(struct arena *arena, const cJSON *root, const cJSON *item)
{
	(void)item;
	struct roles roles = roles_open(arena, root, "roles-narrow", 0, ROLES_BLOCK);
	roles.canvas->width = ROLES_NARROW;
	roles.inner = ROLES_INSET;
	roles.reach = ROLES_NARROW - ROLES_INSET;
	for (int i = 0; i < roles.shown; i++)
		roles_block(&roles, cJSON_GetArrayItem(roles.rows, i), ROLES_BLOCK * (double)i);
	roles_scale(&roles, 0, ROLES_BLOCK * (double)roles.shown);
	return roles.canvas;
}
