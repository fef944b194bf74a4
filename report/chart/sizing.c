/* Hosts over load: how many are needed for multiples of the plan, as it is and after the changes.
 */
#include <math.h>

#include "base/text.h"
#include "report/chart/chart.h"
#include "report/chart/plot.h"
#include "report/chart/words.h"
#include "report/document/view.h"

enum {
	TOP = 52,
	RIGHT = 150,
	PLOT_HEIGHT = 190,
	STEPS_MAX = 64
};

/* What n hosts hold at one load they hold at every lower one: the line runs at n up to the load.
 * Returns the last n. */
static double draw_steps(const struct plot *plot,
		const cJSON *rows,
		const char *path,
		enum color color,
		bool dashed)
{
	double points[4 * STEPS_MAX], reach = plot->x, last = NAN;
	size_t count = 0;
	const cJSON *row;
	cJSON_ArrayForEach(row, rows) {
		double x = plot_x(plot, view_number(row, "load.scale")), hosts = view_number(row, path);
		if (!isfinite(hosts) || x < reach || count + 2 > 2 * STEPS_MAX)
			break;
		if (hosts != last) {
			points[2 * count] = reach;
			points[2 * count + 1] = points[2 * count + 3] = plot_y(plot, hosts);
			count += 2;
		}
		points[2 * count - 2] = reach = x;
		last = hosts;
	}
	for (size_t i = 0; dashed && i + 1 < count; i++)
		canvas_line(plot->canvas,
				points[2 * i],
				points[2 * i + 1],
				points[2 * i + 2],
				points[2 * i + 3],
				color,
				3,
				true);
	if (!dashed && count)
		canvas_poly(plot->canvas, points, count, false, COLOR_NONE, color, 3);
	return last;
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
	const char *text = view_figure_of(plot->canvas->arena, hosts, UNIT_COUNT);
	double x = plot_x(plot, 1), y = plot_y(plot, hosts),
		   wide = canvas_text_width(text, PLOT_TEXT, true);
	canvas_circle(plot->canvas, x, y, 5.5, after ? COLOR_PASS : COLOR_INK, COLOR_BG);
	if (after ? x + 9 + wide > plot->x + plot->width : x - 9 - wide < plot->x)
		return; /* no room; it stands at the end of its line */
	struct op *op = canvas_text(plot->canvas,
			after ? x + 9 : x - 9,
			fmax(y - 9, plot->y + PLOT_TEXT),
			PLOT_TEXT,
			after ? ANCHOR_START : ANCHOR_END,
			COLOR_INK,
			text);
	op->bold = op->halo = true;
}

static void sizing_draw_plan(const struct plot *plot, const cJSON *root)
{
	double x = plot_x(plot, 1), now = view_number(root, "hosts_needed.now");
	double after = view_number(root, "hosts_needed.after_fixes");
	canvas_line(plot->canvas, x, plot->y - 8, x, plot->y + plot->height, COLOR_INK, 1.5, true);
	(void)canvas_label(plot->canvas,
			x,
			plot->y - 12,
			PLOT_SMALL,
			ANCHOR_MIDDLE,
			COLOR_INK,
			true,
			words_say(plot->canvas->arena, plot->canvas->words, "sizing.plan", NULL),
			2 * fmin(x, plot->canvas->width - x) - 6);
	if (isfinite(now))
		draw_hosts(plot, now, false);
	if (isfinite(after) && view_count(root, "ladder") && !(after >= now && after <= now))
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

struct canvas *chart_sizing(struct arena *arena, const cJSON *root, const cJSON *item)
{
	(void)item;
	const cJSON *rows = view_array(root, "page.charts.sizing.rows");
	const cJSON *end = cJSON_GetArrayItem(rows, cJSON_GetArraySize(rows) - 1);
	bool changes = view_count(root, "ladder") > 0;
	struct canvas *canvas = canvas_new(arena, "sizing", CHART_WIDTH, TOP + PLOT_HEIGHT + 26);
	const cJSON *words = canvas->words = words_of(root);
	canvas->title = words_say(arena, words, "sizing.title", NULL);
	canvas->finding = view_raw(root, "page.charts.sizing.finding");
	struct plot plot = {.canvas = canvas,
			.y = TOP,
			.width = CHART_WIDTH - RIGHT,
			.height = PLOT_HEIGHT,
			.end_x = fmax(plot_sane(view_number(end, "load.scale")), 1)};
	plot.end_y = fmax(plot_end(most_hosts(rows) * 1.05, 10), 2);
	plot_subtitle(&plot, words_say(arena, words, "sizing.axis", NULL));
	plot_rows(&plot, UNIT_COUNT, true);
	plot_columns(&plot, UNIT_RATIO);
	double now = draw_steps(&plot, rows, "now", COLOR_INK, false);
	double after = changes ? draw_steps(&plot, rows, "after_fixes", COLOR_PASS, true) : NAN;
	sizing_draw_plan(&plot, root);
	struct side_label labels[2] = {
			{plot_y(&plot, now),
					COLOR_INK,
					words_say(arena, words, "sizing.now", NULL),
					sizing_hosts_text(canvas, now)},
			{plot_y(&plot, after),
					COLOR_PASS,
					words_say(arena, words, "sizing.after", NULL),
					sizing_hosts_text(canvas, after)},
	};
	plot_side_labels(&plot, plot.x + plot.width + 10, labels, changes ? 2 : 1);
	return canvas;
}
