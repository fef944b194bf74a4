/* page.charts.calibration: what was predicted and what was measured, a row for each calibrator. */
#include <math.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "report/chart/words.h"
#include "report/document/member.h"
#include "report/document/view.h"
#include "report/render/page.h"

enum {
	TITLE_CHARS = 60
};

struct calibration_page {
	struct arena *arena;
	const cJSON *words;
	size_t agree, compared;
};

static const char *calibration_say(const struct calibration_page *page,
		const char *key,
		const char *count,
		const char *ratio)
{
	return words_say(page->arena, page->words, key, "count", count, "ratio", ratio, NULL);
}

static const char *calibration_figure(const struct calibration_page *page,
		const cJSON *row,
		const char *path)
{
	return view_figure(page->arena, row, path, UNIT_COUNT);
}

/* What was measured as a share of what was predicted. */
static double calibration_ratio(const cJSON *row)
{
	double predicted = view_number(row, "predicted");
	double measured = view_number(row, "measured");
	if (!(predicted > 0) || !isfinite(predicted) || !isfinite(measured))
		return (double)NAN;
	return measured / predicted;
}

static bool calibration_at_least(const cJSON *row)
{
	return strcmp(view_raw(row, "prediction"), "at-least") == 0;
}

static const char *calibration_predicted(const struct calibration_page *page,
		const cJSON *row,
		bool whole)
{
	const char *key = "calibration.predicted.count";
	if (whole)
		key = "calibration.predicted.whole";
	const char *count = calibration_figure(page, row, "predicted");
	if (!*count)
		return "";
	if (calibration_at_least(row))
		count = calibration_say(page, "calibration.at-least", count, "");
	return calibration_say(page, key, count, "");
}

static const char *calibration_measured(const struct calibration_page *page,
		const cJSON *row,
		double ratio)
{
	const char *count = calibration_figure(page, row, "measured");
	if (isnan(view_number(row, "measured")))
		return calibration_say(page, "calibration.not-measured", "", "");
	if (isnan(ratio))
		return count;
	const char *share = view_figure_of(page->arena, ratio, UNIT_RATIO);
	return calibration_say(page, "calibration.measured.count", count, share);
}

static void calibration_put(const struct calibration_page *page, const cJSON *from, cJSON *rows)
{
	static const char *const members[] = {
			"id",
			"title",
			"unit",
			"predicted",
			"measured",
			"agrees",
	};
	cJSON *row = cJSON_CreateObject();
	for (size_t i = 0; i < COUNT_OF(members); i++) {
		const cJSON *value = view_get(from, members[i]);
		if (value)
			cJSON_AddItemToObject(row, members[i], cJSON_Duplicate(value, true));
	}
	double ratio = calibration_ratio(from);
	const char *predicted = calibration_predicted(page, from, false);
	const char *whole = calibration_predicted(page, from, true);
	const char *measured = calibration_measured(page, from, ratio);
	member_number(row, "ratio", ratio);
	cJSON_AddStringToObject(row, "says_predicted", predicted);
	cJSON_AddStringToObject(row, "says_predicted_whole", whole);
	cJSON_AddStringToObject(row, "says_measured", measured);
	cJSON_AddItemToArray(rows, row);
}

/* --- in words ------------------------------------------------------------------------------- */

static void calibration_count(struct calibration_page *page, const cJSON *rows)
{
	const cJSON *row;
	cJSON_ArrayForEach(row, rows) {
		const cJSON *agrees = view_get(row, "agrees");
		page->compared += cJSON_IsBool(agrees) != 0;
		page->agree += cJSON_IsTrue(agrees) != 0;
	}
}

static void calibration_tell_row(const struct calibration_page *page,
		const cJSON *row,
		struct text *out)
{
	if (!cJSON_IsFalse(view_get(row, "agrees")))
		return;
	text_add(out,
			words_say(page->arena,
					page->words,
					"calibration.finding.disagrees",
					"calibrator",
					view_text(page->arena, row, "title", TITLE_CHARS),
					"measured",
					calibration_figure(page, row, "measured"),
					"predicted",
					calibration_predicted(page, row, false),
					NULL));
}

static void calibration_tell(const struct calibration_page *page,
		const cJSON *rows,
		struct text *out)
{
	struct arena *arena = page->arena;
	const cJSON *row;
	text_add(out,
			words_say(arena,
					page->words,
					"calibration.finding",
					"agree",
					view_figure_of(arena, (double)page->agree, UNIT_COUNT),
					"compared",
					view_figure_of(arena, (double)page->compared, UNIT_COUNT),
					NULL));
	cJSON_ArrayForEach(row, rows)
		calibration_tell_row(page, row, out);
}

void page_calibration(struct arena *arena, const cJSON *root, cJSON *charts)
{
	struct calibration_page page = {.arena = arena, .words = words_of(root)};
	const cJSON *measured = view_array(root, "calibration"), *row;
	struct text finding = {0};
	calibration_count(&page, measured);
	if (page.compared == 0)
		return;
	calibration_tell(&page, measured, &finding);
	cJSON *chart = cJSON_AddObjectToObject(charts, "calibration");
	cJSON_AddStringToObject(chart, "finding", text_string(&finding));
	text_release(&finding);
	cJSON *rows = cJSON_AddArrayToObject(chart, "rows");
	cJSON_ArrayForEach(row, measured)
		calibration_put(&page, row, rows);
}
