/* page.charts.run: the limits during a run that the gate watched, beside the plan, and what they
 * show. Of a certified run in which no limit came near there is nothing to see. */
#include <math.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "report/chart/axis.h"
#include "report/chart/words.h"
#include "report/document/view.h"
#include "report/render/page.h"

enum {
	SAMPLES_MAX = 12,
	RUN_LINES_MAX = 3 /* and the planned one */
};

/* A line that stays below this share is not drawn beside a fuller one. */
static const double run_matters = 0.1;
/* A certified run is drawn from this share on. */
static const double run_near = 0.5;

struct run_page {
	struct arena *arena;
	const cJSON *root, *observed, *use;
	double end_s;
	const cJSON *limit[RUN_LINES_MAX];
	size_t count;
};

static void run_copy(const cJSON *from, const char *name, cJSON *to)
{
	const cJSON *value = view_get(from, name);
	if (value)
		cJSON_AddItemToObject(to, name, cJSON_Duplicate(value, true));
	else
		cJSON_AddNullToObject(to, name);
}

/* --- which limits --------------------------------------------------------------------------- */

static bool run_has(const struct run_page *page, const cJSON *limit)
{
	for (size_t i = 0; i < page->count; i++) {
		if (page->limit[i] == limit)
			return true;
	}
	return false;
}

static const cJSON *run_series_of(const struct run_page *page, const cJSON *limit)
{
	const char *id = view_raw(limit, "id");
	return cJSON_GetObjectItemCaseSensitive(page->use, id);
}

/* The limit that held the run back; NULL: none. */
static const cJSON *run_reached(const struct run_page *page)
{
	const char *id = view_raw(page->root, "gate.bottleneck");
	const cJSON *limits = view_array(page->observed, "limits");
	return view_find(limits, "id", id);
}

static const cJSON *run_fullest(const struct run_page *page, double above)
{
	const cJSON *row, *best = NULL;
	double most = above;
	cJSON_ArrayForEach(row, view_array(page->observed, "limits")) {
		double use = view_number(row, "utilization");
		bool taken = run_has(page, row);
		if (!(use >= most) || taken || !run_series_of(page, row))
			continue;
		best = row;
		most = use;
	}
	return best;
}

/* What held the run back, else the fullest; then what else was used. */
static void run_choose(struct run_page *page)
{
	const cJSON *first = run_reached(page);
	if (!first || !run_series_of(page, first))
		first = run_fullest(page, 0);
	while (first && page->count < RUN_LINES_MAX) {
		page->limit[page->count++] = first;
		first = run_fullest(page, run_matters);
	}
}

static bool run_shows(const struct run_page *page)
{
	if (page->count == 0)
		return false;
	if (!view_true(page->root, "gate.certified"))
		return true;
	const char *differs = view_raw(page->root, "gate.differs");
	if (*differs)
		return true;
	return view_number(page->limit[0], "utilization") >= run_near;
}

/* --- rows ----------------------------------------------------------------------------------- */

static void page_run_add_samples(const struct run_page *page, cJSON *rows)
{
	static const char *const names[] = {"live", "time_wait", "opens_per_s"};
	const cJSON *series = view_object(page->observed, "timeline.series");
	const cJSON *times = view_array(page->observed, "timeline.t");
	const cJSON *use = run_series_of(page, page->limit[0]);
	int size = cJSON_GetArraySize(times);
	int step = page_sample_step(size, SAMPLES_MAX);
	for (int i = 0; i < size; i += step) {
		cJSON *row = cJSON_CreateObject();
		page_add_sample(row, "t", times, i);
		for (size_t k = 0; k < COUNT_OF(names); k++)
			page_add_sample(row, names[k], view_array(series, names[k]), i);
		page_add_sample(row, "use", use, i);
		cJSON_AddItemToArray(rows, row);
	}
}

static void run_put_lines(const struct run_page *page, cJSON *lines)
{
	static const char *const members[] = {"id", "title", "utilization", "at_s"};
	for (size_t i = 0; i < page->count; i++) {
		cJSON *line = cJSON_CreateObject();
		for (size_t k = 0; k < COUNT_OF(members); k++)
			run_copy(page->limit[i], members[k], line);
		cJSON_AddItemToArray(lines, line);
	}
}

/* What the plan foresaw of the first line. NULL: it does not know this limit. */
static const cJSON *run_planned(const struct run_page *page)
{
	const char *id = view_raw(page->limit[0], "id");
	const cJSON *uses = view_object(page->root, "timeline.series.use");
	const cJSON *planned = cJSON_GetObjectItemCaseSensitive(uses, id);
	if (!cJSON_IsArray(planned))
		return NULL;
	return view_resource(page->root, id);
}

/* Planned and seen; a server's connections are those that it accepted. */
static void run_put_connections(const struct run_page *page, cJSON *chart)
{
	const cJSON *compared = view_array(page->observed, "compared");
	const cJSON *live = view_find(compared, "id", "live");
	const char *series = "live";
	if (strcmp(view_raw(page->root, "workload.role"), "server") == 0)
		series = "accepted";
	cJSON *node = cJSON_AddObjectToObject(chart, "connections");
	run_copy(live, "predicted", node);
	run_copy(live, "seen", node);
	cJSON_AddStringToObject(node, "series", series);
}

static void run_put_reached(const struct run_page *page, cJSON *chart)
{
	const cJSON *limit = run_reached(page);
	if (!limit || !isfinite(view_number(limit, "at_s")))
		return;
	cJSON *reached = cJSON_AddObjectToObject(chart, "reached");
	run_copy(limit, "id", reached);
	run_copy(limit, "title", reached);
	run_copy(limit, "at_s", reached);
}

/* --- in words ------------------------------------------------------------------------------- */

static const char *run_finding(const struct run_page *page)
{
	struct arena *arena = page->arena;
	const cJSON *best = page->limit[0];
	double at_s = view_number(best, "at_s");
	return words_say(arena,
			words_of(page->root),
			"run.finding",
			"limit",
			view_text(arena, best, "title", 60),
			"used",
			view_figure(arena, best, "used", UNIT_COUNT),
			"capacity",
			view_figure(arena, best, "capacity", UNIT_COUNT),
			"use",
			view_figure(arena, best, "utilization", UNIT_RATIO),
			"time",
			axis_clock(arena, at_s, page->end_s),
			NULL);
}

static void run_tell(const struct run_page *page, const cJSON *planned, struct text *out)
{
	struct arena *arena = page->arena;
	const cJSON *words = words_of(page->root);
	text_add(out, run_finding(page));
	if (!planned)
		return;
	const char *use = view_figure(arena, planned, "utilization", UNIT_RATIO);
	text_add(out, words_say(arena, words, "run.finding.planned", "use", use, NULL));
}

static void run_put(const struct run_page *page, cJSON *charts)
{
	struct text finding = {0};
	const cJSON *planned = run_planned(page);
	cJSON *chart = cJSON_AddObjectToObject(charts, "run");
	run_tell(page, planned, &finding);
	cJSON_AddStringToObject(chart, "finding", text_string(&finding));
	text_release(&finding);
	run_put_lines(page, cJSON_AddArrayToObject(chart, "lines"));
	page_run_add_samples(page, cJSON_AddArrayToObject(chart, "rows"));
	run_put_connections(page, chart);
	run_put_reached(page, chart);
	if (!planned)
		return;
	cJSON *node = cJSON_AddObjectToObject(chart, "planned");
	run_copy(planned, "id", node);
	run_copy(planned, "title", node);
	run_copy(planned, "utilization", node);
}

void page_run(struct arena *arena, const cJSON *root, cJSON *charts)
{
	struct run_page page = {
			.arena = arena,
			.root = root,
			.observed = view_object(root, "gate.observed"),
			.use = view_object(root, "gate.observed.timeline.series.use"),
	};
	const cJSON *times = view_array(page.observed, "timeline.t");
	int size = cJSON_GetArraySize(times);
	if (!page.use || size < 2)
		return;
	page.end_s = view_number(cJSON_GetArrayItem(times, size - 1), "");
	run_choose(&page);
	if (run_shows(&page))
		run_put(&page, charts);
}
