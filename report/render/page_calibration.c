/* page.charts.calibration: the fill with the most connections, as its points over time, and what it
 * shows. */
#include <math.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "report/chart/words.h"
#include "report/document/view.h"
#include "report/render/page.h"

/* The measurement with points whose count went highest. */
static const cJSON *page_calibration_highest(const cJSON *root)
{
	const cJSON *row, *best = NULL;
	cJSON_ArrayForEach(row, view_array(root, "calibration")) {
		double reached = view_number(row, "reached");
		if (view_count(row, "samples") > 2 && isfinite(reached) &&
				(!best || reached > view_number(best, "reached")))
			best = row;
	}
	return best;
}

static void page_calibration_tell(struct arena *arena,
		const cJSON *words,
		const cJSON *row,
		struct text *out)
{
	const char *unit = view_text(arena, row, "unit", 40),
			   *stopped_by = view_text(arena, row, "stopped_by", 40);
	double measured = view_number(row, "measured"), predicted = view_number(row, "predicted");
	text_add(out,
			words_say(arena,
					words,
					"calibration.finding",
					"calibrator",
					view_text(arena, row, "id", 40),
					"count",
					view_figure(arena, row, "reached", UNIT_COUNT),
					"unit",
					unit,
					NULL));
	if (isfinite(view_number(row, "duration_s")))
		text_add(out,
				words_say(arena,
						words,
						"calibration.finding.time",
						"time",
						view_figure(arena, row, "duration_s", UNIT_SECONDS),
						NULL));
	if (!isnan(measured) && *stopped_by && strcmp(stopped_by, "none") != 0)
		text_add(out,
				words_say(arena, words, "calibration.finding.met", "error", stopped_by, NULL));
	else if (isnan(measured))
		text_add(out, words_say(arena, words, "calibration.finding.not-met", NULL));
	if (!isnan(predicted))
		text_add(out,
				words_say(arena,
						words,
						"calibration.finding.predicted",
						"count",
						view_figure(arena, row, "predicted", UNIT_COUNT),
						NULL));
	const cJSON *agrees = view_get(row, "agrees");
	if (cJSON_IsBool(agrees))
		text_add(out,
				words_say(arena,
						words,
						cJSON_IsTrue(agrees) ? "calibration.finding.agrees"
											 : "calibration.finding.disagrees",
						NULL));
	text_add(out, words_say(arena, words, "calibration.finding.end", NULL));
}

/* The table beside the drawing shows some of the points, always including the last. */
static void page_calibration_add_table(const cJSON *samples, cJSON *table)
{
	enum {
		TABLE_ROWS = 15
	};
	int index = 0, size = cJSON_GetArraySize(samples), every = (size + TABLE_ROWS - 1) / TABLE_ROWS;
	const cJSON *sample;
	cJSON_ArrayForEach(sample, samples) {
		if (index % every == 0 || index + 1 == size)
			cJSON_AddItemToArray(table, cJSON_Duplicate(sample, true));
		index++;
	}
}

void page_calibration(struct arena *arena, const cJSON *root, cJSON *charts)
{
	static const char *const members[] = {"id",
			"predicted",
			"measured",
			"reached",
			"stopped_by",
			"agrees",
			"tolerance",
			"samples"};
	const cJSON *best = page_calibration_highest(root);
	struct text finding = {0};
	if (!best)
		return;
	page_calibration_tell(arena, words_of(root), best, &finding);
	cJSON *chart = cJSON_AddObjectToObject(charts, "calibration"), *row = cJSON_CreateObject();
	cJSON_AddStringToObject(chart, "finding", text_string(&finding));
	cJSON_AddItemToArray(cJSON_AddArrayToObject(chart, "rows"), row);
	for (size_t i = 0; i < COUNT_OF(members); i++) {
		const cJSON *value = view_get(best, members[i]);
		cJSON_AddItemToObject(row,
				members[i],
				value ? cJSON_Duplicate(value, true) : cJSON_CreateNull());
	}
	page_calibration_add_table(view_array(best, "samples"), cJSON_AddArrayToObject(row, "table"));
	text_release(&finding);
}
