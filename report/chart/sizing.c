/* Hosts over load: how many are needed for multiples of the plan, as it is and after the changes.
 */
#include <math.h>

#include "base/text.h"
#include "report/chart/axis.h"
#include "report/chart/chart.h"
#include "report/chart/plot.h"
#include "report/chart/words.h"
#include "report/document/view.h"

enum {
	TOP = 52,
	RIGHT = 150,
	PLOT_HEIGHT = 130,
	SIZING_AXIS = 26,
	SIZING_NARROW = 364,
	SIZING_EDGE = 8, /* at the right of a narrow one */
	SIZING_LABELS = 2,
	STEPS_MAX = 200
};

/* A staircase in the plot. */
struct stairs {
	const struct plot *plot;
	double points[4 * STEPS_MAX];
	size_t count;
	enum color color;
	bool dashed;
};

static void add_stair(struct stairs *stairs, double load, double hosts)
{
	double *point = stairs->points + 2 * stairs->count;
	point[0] = plot_x(stairs->plot, load);
	point[1] = plot_y(stairs->plot, hosts);
	stairs->count++;
}

/* n hosts carry n times the share of one. More steps than that are a slope on this scale. */
static void add_stairs(struct stairs *stairs, double carries, double reach)
{
	double steps = fmax(1, ceil(reach / carries - 1e-9));
	double left = 0;
	if (steps > STEPS_MAX) {
		add_stair(stairs, 0, 0);
		add_stair(stairs, reach, steps);
		return;
	}
	for (int n = 1; n <= (int)steps; n++) {
		double right = fmin(n * carries, reach);
		add_stair(stairs, left, n);
		add_stair(stairs, right, n);
		left = right;
	}
}

static void draw_stairs(const struct stairs *stairs)
{
	const double width = 3;
	struct canvas *canvas = stairs->plot->canvas;
	if (!stairs->dashed) {
		canvas_poly(canvas, stairs->points, stairs->count, false, COLOR_NONE, stairs->color, width);
		return;
	}
	for (size_t i = 0; i + 1 < stairs->count; i++) {
		const double *from = stairs->points + 2 * i;
		const double *to = from + 2;
		canvas_line(canvas, from[0], from[1], to[0], to[1], stairs->color, width, true);
	}
}

/* Returns the number of hosts at the end of the axis. */
static double draw_steps(const struct plot *plot, const cJSON *share, enum color color, bool dashed)
{
	struct stairs stairs = {
			.plot = plot,
			.color = color,
			.dashed = dashed,
	};
	double carries = view_number(share, "carries");
	double most = view_number(share, "reach");
	double reach = fmin(most, plot->end_x);
	if (!(carries > 0) || !(reach > 0))
		return (double)NAN;
	add_stairs(&stairs, carries, reach);
	draw_stairs(&stairs);
	if (most < plot->end_x)
		return (double)NAN; /* from there on more hosts do not help */
	return fmax(1, ceil(reach / carries - 1e-9));
}

static double most_hosts(const cJSON *rows)
{
	double most = 1;
	const cJSON *row;
	cJSON_ArrayForEach(row, rows)
		most = fmax(most,
				fmax(plot_sane(view_number(row, "now")),
						plot_sane(view_number(row, "after_fixes"))));
	return most;
}

/* The number of hosts for the plan at its dot: to the left as it is, to the right after the
 * changes. */
static void draw_hosts(const struct plot *plot, double hosts, bool after)
{
	const double radius = 5.5;
	const double apart = 9;
	struct canvas *canvas = plot->canvas;
	const char *text = view_figure_of(canvas->arena, hosts, UNIT_COUNT);
	double x = plot_x(plot, 1);
	double y = plot_y(plot, hosts);
	double wide = canvas_text_width(text, PLOT_TEXT, true);
	double left = x - apart - wide;
	enum color color = COLOR_INK;
	if (after) {
		left = x + apart;
		color = COLOR_PASS;
	}
	canvas_circle(canvas, x, y, radius, color, COLOR_BG);
	if (left < plot->x || left + wide > plot->x + plot->width)
		return; /* no room; it stands at the end of its line */
	y = fmax(y - apart, plot->y + PLOT_TEXT);
	struct op *op = canvas_text(canvas, left, y, PLOT_TEXT, ANCHOR_START, COLOR_INK, text);
	op->bold = op->halo = true;
}

static void sizing_draw_plan(const struct plot *plot, const cJSON *root)
{
	struct canvas *canvas = plot->canvas;
	const char *text = words_say(canvas->arena, canvas->words, "sizing.plan", NULL);
	double x = plot_x(plot, 1);
	double top = plot->y - 8;
	double bottom = plot->y + plot->height;
	double now = view_number(root, "hosts_needed.now");
	double after = view_number(root, "hosts_needed.after_fixes");
	bool differs = !(after >= now && after <= now);
	canvas_line(canvas, x, top, x, bottom, COLOR_INK, 1.5, true);
	(void)canvas_label(canvas,
			x,
			plot->y - 12,
			PLOT_SMALL,
			ANCHOR_MIDDLE,
			COLOR_INK,
			true,
			text,
			2 * fmin(x, canvas->width - x) - 6);
	if (isfinite(now))
		draw_hosts(plot, now, false);
	if (isfinite(after) && view_count(root, "ladder") && differs)
		draw_hosts(plot, after, true);
}

static const char *sizing_hosts_text(const struct canvas *canvas, double hosts)
{
	const char *key = isnan(hosts) ? "sizing.no-help" : hosts >= 1 && hosts <= 1 ? "host" : "hosts";
	return words_say(canvas->arena,
			canvas->words,
			key,
			"hosts",
			view_figure_of(canvas->arena, hosts, UNIT_COUNT),
			NULL);
}

/* What a line is called, and how many hosts it ends with. */
static struct side_label sizing_label(const struct plot *plot,
		const char *key,
		enum color color,
		double hosts)
{
	struct canvas *canvas = plot->canvas;
	return (struct side_label){
			.y = plot_y(plot, hosts),
			.color = color,
			.first = words_say(canvas->arena, canvas->words, key, NULL),
			.second = sizing_hosts_text(canvas, hosts),
	};
}

/* Both lines; returns how many there are. */
static size_t sizing_lines(const struct plot *plot, const cJSON *root, struct side_label *labels)
{
	const cJSON *now = view_get(root, "page.charts.sizing.now");
	const cJSON *after = view_get(root, "page.charts.sizing.after_fixes");
	double hosts = draw_steps(plot, now, COLOR_INK, false);
	labels[0] = sizing_label(plot, "sizing.now", COLOR_INK, hosts);
	if (!after)
		return 1;
	hosts = draw_steps(plot, after, COLOR_PASS, true);
	labels[1] = sizing_label(plot, "sizing.after", COLOR_PASS, hosts);
	return 2;
}

static struct plot sizing_open(struct arena *arena,
		const cJSON *root,
		const char *name,
		double width,
		double below)
{
	const cJSON *rows = view_array(root, "page.charts.sizing.rows");
	const cJSON *end = cJSON_GetArrayItem(rows, cJSON_GetArraySize(rows) - 1);
	const double height = TOP + PLOT_HEIGHT + SIZING_AXIS;
	const double air = 1.05;
	struct canvas *canvas = canvas_new(arena, name, width, height + below);
	canvas->words = words_of(root);
	canvas->title = words_say(arena, canvas->words, "sizing.title", NULL);
	canvas->finding = view_raw(root, "page.charts.sizing.finding");
	return (struct plot){
			.canvas = canvas,
			.y = TOP,
			.height = PLOT_HEIGHT,
			.end_x = fmax(plot_sane(view_number(end, "load.scale")), 1),
			.end_y = fmax(plot_end(most_hosts(rows) * air, 10), 2),
	};
}

/* All but the names of the lines; returns how many there are. */
static size_t sizing_draw(struct plot *plot, const cJSON *root, struct side_label *labels)
{
	struct canvas *canvas = plot->canvas;
	plot_subtitle(plot, words_say(canvas->arena, canvas->words, "sizing.axis", NULL));
	plot_rows(plot, UNIT_COUNT, true);
	axis_shares(plot);
	size_t count = sizing_lines(plot, root, labels);
	sizing_draw_plan(plot, root);
	return count;
}

struct canvas *chart_sizing(struct arena *arena, const cJSON *root, const cJSON *item)
{
	(void)item;
	struct side_label labels[SIZING_LABELS];
	struct plot plot = sizing_open(arena, root, "sizing", CHART_WIDTH, 0);
	plot.width = CHART_WIDTH - RIGHT;
	size_t count = sizing_draw(&plot, root, labels);
	double right = plot.x + plot.width;
	plot_side_labels(&plot, right + 10, labels, count);
	return plot.canvas;
}

/* The names of the lines stand below the axis. */
static void sizing_row(const struct plot *plot, const struct side_label *label, double y)
{
	const double line = 24, text = 34;
	struct canvas *canvas = plot->canvas;
	const char *says = arena_printf(canvas->arena, "%s: %s", label->first, label->second);
	bool dashed = label->color == COLOR_PASS;
	canvas_line(canvas, 1, y - 5, line, y - 5, label->color, 3, dashed);
	(void)canvas_label(canvas,
			text,
			y,
			PLOT_SMALL,
			ANCHOR_START,
			label->color,
			true,
			says,
			canvas->width - text - 1);
}

struct canvas *chart_sizing_narrow(struct arena *arena, const cJSON *root, const cJSON *item)
{
	(void)item;
	const double first = TOP + PLOT_HEIGHT + SIZING_AXIS + PLOT_LINE;
	struct side_label labels[SIZING_LABELS];
	struct plot plot =
			sizing_open(arena, root, "sizing-narrow", SIZING_NARROW, 2.0 * PLOT_LINE + 8);
	plot.width = SIZING_NARROW - SIZING_EDGE;
	size_t count = sizing_draw(&plot, root, labels);
	for (size_t i = 0; i < count; i++)
		sizing_row(&plot, &labels[i], first + PLOT_LINE * (double)i);
	return plot.canvas;
}
