/* page.charts.run: the limits during a run that the gate watched, as samples, and what they show.
 */
#include <math.h>

#include "base/array.h"
#include "base/text.h"
#include "report/chart/words.h"
#include "report/document/view.h"
#include "report/render/page.h"

enum {
	SAMPLES_MAX = 12
};

/* The limit with the highest use. */
static const cJSON *fullest(const cJSON *root)
{
	const cJSON *row, *best = NULL;
	cJSON_ArrayForEach(row, view_array(root, "gate.observed.limits")) {
		double use = view_number(row, "utilization");
		if (isfinite(use) && (!best || use > view_number(best, "utilization")))
			best = row;
	}
	return best;
}

static void page_run_add_samples(const cJSON *root, const char *limit, cJSON *rows)
{
	static const char *const names[] = {"live", "time_wait", "opens_per_s"};
	const cJSON *timeline = view_object(root, "gate.observed.timeline"),
				*series = view_object(timeline, "series");
	const cJSON *times = view_array(timeline, "t");
	int size = cJSON_GetArraySize(times);
	int step = page_sample_step(size, SAMPLES_MAX);
	for (int i = 0; i < size; i += step) {
		cJSON *row = cJSON_CreateObject();
		page_add_sample(row, "t", times, i);
		for (size_t k = 0; k < COUNT_OF(names); k++)
			page_add_sample(row, names[k], view_array(series, names[k]), i);
		page_add_sample(row,
				"use",
				cJSON_GetObjectItemCaseSensitive(view_get(series, "use"), limit),
				i);
		cJSON_AddItemToArray(rows, row);
	}
}

void page_run(struct arena *arena, const cJSON *root, cJSON *charts)
{
	const cJSON *best = fullest(root),
				*use = view_object(root, "gate.observed.timeline.series.use");
	struct text finding = {0};
	if (!best || !use || !use->child || view_count(root, "gate.observed.timeline.t") < 2)
		return;
	text_add(&finding,
			words_say(arena,
					words_of(root),
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
					view_figure(arena, best, "at_s", UNIT_SECONDS),
					NULL));
	cJSON *chart = cJSON_AddObjectToObject(charts, "run");
	cJSON_AddStringToObject(chart, "finding", text_string(&finding));
	page_run_add_samples(root, view_raw(best, "id"), cJSON_AddArrayToObject(chart, "rows"));
	text_release(&finding);
}
