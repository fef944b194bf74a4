/* What would happen during the plan: the use of the limits that matter over time, the second at
 * which the first of them breaks, and the connections below. */
#include <math.h>

#include "report/chart/axis.h"
#include "report/chart/lines.h"
#include "report/chart/words.h"
#include "report/document/view.h"

enum {
	STAGES_SHOWN_MAX = 12
};

static double time_most(const cJSON *values)
{
	double most = 0;
	const cJSON *value;
	cJSON_ArrayForEach(value, values)
		most = fmax(most, plot_sane(view_number(value, "")));
	return most;
}

/* A use that lasts has no second. */
static const char *time_note(struct arena *arena,
		const cJSON *root,
		const cJSON *row,
		double span_s)
{
	double at_s = view_number(row, "at_s");
	const char *key = "time.peak";
	if (!isfinite(at_s))
		key = "time.peak.lasts";
	return words_say(arena,
			words_of(root),
			key,
			"use",
			view_figure(arena, row, "utilization", UNIT_RATIO),
			"time",
			axis_clock(arena, at_s, span_s),
			NULL);
}

static void time_add_lines(struct arena *arena, const cJSON *root, struct lines *lines)
{
	const cJSON *row, *use = view_object(root, "timeline.series.use");
	cJSON_ArrayForEach(row, view_array(root, "page.charts.time.lines")) {
		const cJSON *values = cJSON_GetObjectItemCaseSensitive(use, view_raw(row, "id"));
		if (!cJSON_IsArray(values) || lines->count == LINES_MAX)
			continue;
		lines->most = fmax(lines->most, time_most(values));
		lines->line[lines->count++] = (struct line){
				.times = view_array(root, "timeline.t"),
				.values = values,
				.name = view_text(arena, row, "title", 60),
				.note = time_note(arena, root, row, lines->end_s),
				.peak = view_number(row, "utilization"),
		};
	}
}

static void time_add_strip(struct arena *arena, const cJSON *root, struct lines *lines)
{
	const cJSON *live = view_array(root, "timeline.series.live");
	lines->strip.most = time_most(live);
	const char *figure = view_figure_of(arena, ceil(lines->strip.most), UNIT_COUNT);
	lines->strip.held = (struct line){
			.times = view_array(root, "timeline.t"),
			.values = live,
			.note = words_say(arena, words_of(root), "time.held", "count", figure, NULL),
	};
}

static void time_add_break(struct arena *arena, const cJSON *root, struct lines *lines)
{
	const cJSON *broken = view_object(root, "page.charts.time.broken");
	lines->broken_s = view_number(broken, "at_s");
	if (!(lines->broken_s >= 0) || lines->broken_s > lines->end_s)
		lines->broken_s = (double)NAN;
	if (isnan(lines->broken_s))
		return;
	lines->after = words_say(arena, words_of(root), "time.after", NULL);
	lines->broken = words_say(arena,
			words_of(root),
			"time.broken",
			"time",
			axis_clock(arena, lines->broken_s, lines->end_s),
			"connections",
			view_figure_of(arena, ceil(view_number(broken, "live")), UNIT_COUNT),
			"limit",
			view_text(arena, broken, "title", 60),
			NULL);
}

static const char *time_stage(const struct lines *lines, const cJSON *stage)
{
	const struct canvas *canvas = lines->plot.canvas;
	const char *load = view_figure(canvas->arena, stage, "connections", UNIT_COUNT);
	if (cJSON_IsNumber(view_get(stage, "open_rate_per_s")))
		load = view_figure(canvas->arena, stage, "open_rate_per_s", UNIT_PER_S);
	return words_say(canvas->arena, canvas->words, "time.stage", "load", load, NULL);
}

static bool time_stage_fits(const char *text, double left, double right)
{
	const double apart = 8;
	return canvas_text_width(text, PLOT_SMALL, false) < right - left - apart;
}

/* Under the strip: what each stage goes to. First the lines between them. */
static void time_draw_stages(struct lines *lines, const cJSON *root, bool words)
{
	const struct plot *plot = &lines->plot;
	double from_s = 0;
	double y = lines->bottom;
	int shown = 0;
	const cJSON *stage;
	cJSON_ArrayForEach(stage, view_array(root, "workload.stages")) {
		double to_s = from_s + plot_sane(view_number(stage, "duration_s"));
		double left = plot_x(plot, from_s);
		double right = plot_x(plot, to_s);
		const char *text = time_stage(lines, stage);
		if (++shown > STAGES_SHOWN_MAX)
			break;
		if (!words && from_s > 0 && from_s < plot->end_x)
			canvas_line(plot->canvas, left, y, left, y + LINES_ROW, COLOR_GRID, 1, false);
		if (words && time_stage_fits(text, left, right))
			canvas_text(plot->canvas,
					(left + right) / 2,
					y + LINES_ROW - 6,
					PLOT_SMALL,
					ANCHOR_MIDDLE,
					COLOR_INK2,
					text);
		from_s = to_s;
	}
}

static struct canvas *time_chart(struct arena *arena, const cJSON *root, bool narrow)
{
	bool staged = !narrow && view_count(root, "workload.stages") > 0;
	struct lines lines = {
			.name = "time",
			.narrow = narrow,
			.rows = staged,
			.end_s = time_most(view_array(root, "timeline.t")),
			.target = view_number(root, "target_utilization"),
	};
	if (narrow)
		lines.name = "time-narrow";
	time_add_break(arena, root, &lines);
	time_add_lines(arena, root, &lines);
	time_add_strip(arena, root, &lines);
	struct canvas *canvas = lines_open(arena, root, &lines);
	canvas->title = words_say(arena, canvas->words, "time.title", NULL);
	canvas->finding = view_raw(root, "page.charts.time.finding");
	plot_subtitle(&lines.plot, words_say(arena, canvas->words, "time.axis", NULL));
	lines_draw(&lines);
	if (staged) {
		time_draw_stages(&lines, root, false);
		time_draw_stages(&lines, root, true);
		lines.bottom += LINES_ROW;
	}
	lines_close(&lines);
	return canvas;
}

struct canvas *chart_time(struct arena *arena, const cJSON *root, const cJSON *item)
{
	(void)item;
	return time_chart(arena, root, false);
}

struct canvas *chart_time_narrow(struct arena *arena, const cJSON *root, const cJSON *item)
{
	(void)item;
	return time_chart(arena, root, true);
}
