/* What a run did to the limits: the use of the fullest ones as the gate saw it, beside what the
 * plan foresaw; the second at which a limit was reached, and until when the run can be used. */
#include <math.h>

#include "report/chart/axis.h"
#include "report/chart/lines.h"
#include "report/chart/words.h"
#include "report/document/view.h"

struct run_chart {
	struct arena *arena;
	const cJSON *root, *chart, *seen, *words;
	struct lines lines;
};

static double run_most(const cJSON *values)
{
	double most = 0;
	const cJSON *value;
	cJSON_ArrayForEach(value, values)
		most = fmax(most, plot_sane(view_number(value, "")));
	return most;
}

static const char *run_say(const struct run_chart *run,
		const char *key,
		const char *name,
		const char *figure)
{
	return words_say(run->arena, run->words, key, name, figure, NULL);
}

/* --- lines ---------------------------------------------------------------------------------- */

static void run_add(struct run_chart *run, const struct line *line)
{
	struct lines *lines = &run->lines;
	if (!cJSON_IsArray(line->values) || lines->count == LINES_MAX)
		return;
	lines->line[lines->count] = *line;
	lines->count++;
	lines->most = fmax(lines->most, run_most(line->values));
}

static void run_add_seen(struct run_chart *run, const cJSON *row)
{
	const cJSON *use = view_object(run->seen, "series.use");
	const struct line line = {
			.times = view_array(run->seen, "t"),
			.values = cJSON_GetObjectItemCaseSensitive(use, view_raw(row, "id")),
			.name = view_text(run->arena, row, "title", 60),
			.note = words_say(run->arena,
					run->words,
					"run.peak",
					"use",
					view_figure(run->arena, row, "utilization", UNIT_RATIO),
					"time",
					axis_clock(run->arena, view_number(row, "at_s"), run->lines.end_s),
					NULL),
			.peak = view_number(row, "utilization"),
	};
	run_add(run, &line);
}

/* What the plan foresaw of the limit that the run filled most. */
static void run_add_planned(struct run_chart *run)
{
	const cJSON *planned = view_object(run->chart, "planned");
	const cJSON *use = view_object(run->root, "timeline.series.use");
	const char *title = view_text(run->arena, planned, "title", 60);
	const char *peak = view_figure(run->arena, planned, "utilization", UNIT_RATIO);
	const struct line line = {
			.times = view_array(run->root, "timeline.t"),
			.values = cJSON_GetObjectItemCaseSensitive(use, view_raw(planned, "id")),
			.name = run_say(run, "run.planned", "limit", title),
			.note = run_say(run, "run.planned.peak", "use", peak),
			.peak = view_number(planned, "utilization"),
			.ghost = true,
	};
	run_add(run, &line);
}

static void run_add_lines(struct run_chart *run)
{
	const cJSON *row;
	cJSON_ArrayForEach(row, view_array(run->chart, "lines"))
		run_add_seen(run, row);
	run_add_planned(run);
}

/* --- the strip ------------------------------------------------------------------------------ */

static void run_add_strip(struct run_chart *run)
{
	struct strip *strip = &run->lines.strip;
	const cJSON *live = view_object(run->chart, "connections");
	const char *seen = view_figure(run->arena, live, "seen", UNIT_COUNT);
	const char *planned = view_figure(run->arena, live, "predicted", UNIT_COUNT);
	const cJSON *series = view_object(run->seen, "series");
	strip->held = (struct line){
			.times = view_array(run->seen, "t"),
			.values = cJSON_GetObjectItemCaseSensitive(series, view_raw(live, "series")),
			.note = run_say(run, "run.held", "count", seen),
	};
	strip->planned = (struct line){
			.times = view_array(run->root, "timeline.t"),
			.values = view_array(run->root, "timeline.series.live"),
			.note = run_say(run, "run.held.planned", "count", planned),
	};
	strip->most = fmax(run_most(strip->held.values), run_most(strip->planned.values));
}

/* --- what ended it -------------------------------------------------------------------------- */

static void run_add_break(struct run_chart *run)
{
	struct lines *lines = &run->lines;
	const cJSON *reached = view_object(run->chart, "reached");
	lines->broken_s = view_number(reached, "at_s");
	if (!(lines->broken_s >= 0) || lines->broken_s > lines->end_s)
		lines->broken_s = (double)NAN;
	lines->rows = !isnan(lines->broken_s);
	lines->broken = words_say(run->arena,
			run->words,
			"run.reached",
			"time",
			axis_clock(run->arena, lines->broken_s, lines->end_s),
			"limit",
			view_text(run->arena, reached, "title", 60),
			NULL);
}

/* A part of the run: its ground, and what it is where it has room. */
static void run_part(const struct run_chart *run,
		double from_s,
		double to_s,
		enum status status,
		const char *text)
{
	const double high = 18, mark = 12, room = 36;
	const struct plot *plot = &run->lines.plot;
	double left = plot_x(plot, from_s);
	double width = plot_x(plot, to_s) - left;
	double y = run->lines.bottom + 4, middle = y + high / 2;
	enum color ground = COLOR_PASS3;
	if (status == STATUS_FAIL)
		ground = COLOR_FAIL3;
	canvas_rect(plot->canvas, left, y, width, high, ground);
	if (canvas_text_width(text, PLOT_SMALL, true) + room > width)
		return;
	enum color color = color_of_status(status);
	canvas_mark(plot->canvas, left + mark, middle, mark, status, color);
	canvas_text(plot->canvas,
			left + 2 * mark,
			canvas_baseline(middle, PLOT_SMALL),
			PLOT_SMALL,
			ANCHOR_START,
			color,
			text)
			->bold = true;
}

/* Until when what the run counted can be used. */
static void run_draw_use(struct run_chart *run)
{
	struct lines *lines = &run->lines;
	const char *at = axis_clock(run->arena, lines->broken_s, lines->end_s);
	const char *good = run_say(run, "run.usable", "time", at);
	const char *bad = run_say(run, "run.not-usable", "time", at);
	run_part(run, 0, lines->broken_s, STATUS_PASS, good);
	run_part(run, lines->broken_s, lines->end_s, STATUS_FAIL, bad);
	lines->bottom += LINES_ROW;
}

static struct canvas *run_chart(struct arena *arena, const cJSON *root, bool narrow)
{
	struct run_chart run = {
			.arena = arena,
			.root = root,
			.chart = view_object(root, "page.charts.run"),
			.seen = view_object(root, "gate.observed.timeline"),
			.words = words_of(root),
			.lines = {.name = "run", .narrow = narrow},
	};
	struct lines *lines = &run.lines;
	if (narrow)
		lines->name = "run-narrow";
	lines->end_s = run_most(view_array(run.seen, "t"));
	lines->target = view_number(root, "target_utilization");
	lines->low = !narrow && cJSON_IsFalse(view_get(root, "gate.certified"));
	run_add_break(&run);
	run_add_lines(&run);
	run_add_strip(&run);
	struct canvas *canvas = lines_open(arena, root, lines);
	canvas->title = words_say(arena, canvas->words, "run.title", NULL);
	canvas->finding = view_raw(run.chart, "finding");
	plot_subtitle(&lines->plot, words_say(arena, canvas->words, "run.axis", NULL));
	lines_draw(lines);
	if (lines->rows)
		run_draw_use(&run);
	lines_close(lines);
	return canvas;
}

struct canvas *chart_run(struct arena *arena, const cJSON *root, const cJSON *item)
{
	(void)item;
	return run_chart(arena, root, false);
}

struct canvas *chart_run_narrow(struct arena *arena, const cJSON *root, const cJSON *item)
{
	(void)item;
	return run_chart(arena, root, true);
}
