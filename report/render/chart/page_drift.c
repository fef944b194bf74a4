/* page.charts.drift: the limits that moved since an earlier audit, what they allowed then and what
 * they allow now as multiples of the plan, and the setting behind it. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "report/chart/words.h"
#include "report/document/member.h"
#include "report/document/view.h"
#include "report/render/page.h"

enum {
	DRIFT_ROWS_MAX = 12,
	TITLE_CHARS = 60,
	CAUSE_CHARS = 60
};

struct drift_page {
	struct arena *arena;
	const cJSON *words;
	const cJSON *limits[DRIFT_ROWS_MAX];
	size_t count;
};

static double drift_now(const cJSON *limit)
{
	return view_number(limit, "to.max_safe_scale");
}

/* What allows least now comes first. */
static int drift_before(const void *a, const void *b)
{
	double left = drift_now(*(const cJSON *const *)a);
	double right = drift_now(*(const cJSON *const *)b);
	return (left > right) - (left < right);
}

static void drift_collect(struct drift_page *page, const cJSON *root)
{
	const cJSON *limit;
	cJSON_ArrayForEach(limit, view_array(root, "drift.limits")) {
		double then = view_number(limit, "from.max_safe_scale");
		bool both = !isnan(then) && !isnan(drift_now(limit));
		if (both && page->count < DRIFT_ROWS_MAX)
			page->limits[page->count++] = limit;
	}
	if (page->count)
		qsort(page->limits, page->count, sizeof *page->limits, drift_before);
}

/* --- a row ---------------------------------------------------------------------------------- */

/* "6.5", "123": never more than it is. */
static const char *drift_times(const struct drift_page *page, double multiple)
{
	double step = 100;
	if (multiple >= 1)
		step = 10;
	if (multiple >= 10)
		step = 1;
	double shown = floor(multiple * step) / step;
	return view_figure_of(page->arena, shown, UNIT_COUNT);
}

static const char *drift_multiple(const struct drift_page *page,
		double multiple,
		const char *key,
		const char *unlimited)
{
	if (isinf(multiple))
		return words_say(page->arena, page->words, unlimited, NULL);
	const char *times = drift_times(page, multiple);
	return words_say(page->arena, page->words, key, "times", times, NULL);
}

static const char *drift_use(const struct drift_page *page, const cJSON *limit, const char *side)
{
	return view_figure(page->arena, limit, side, UNIT_RATIO);
}

/* The setting that moved it; "" if none is known. */
static const char *drift_cause(const struct drift_page *page, const cJSON *limit)
{
	const cJSON *because = view_array(limit, "because");
	int more = cJSON_GetArraySize(because) - 1;
	const cJSON *first = cJSON_GetArrayItem(because, 0);
	const char *key = "drift.cause";
	if (!first)
		return "";
	if (more > 0)
		key = "drift.cause.more";
	return words_say(page->arena,
			page->words,
			key,
			"cause",
			view_text(page->arena, first, "", CAUSE_CHARS),
			"count",
			view_figure_of(page->arena, more, UNIT_COUNT),
			NULL);
}

static void drift_copy(cJSON *row, const char *name, const cJSON *value)
{
	if (value)
		cJSON_AddItemToObject(row, name, cJSON_Duplicate(value, true));
}

static void drift_add_row(const struct drift_page *page, const cJSON *limit, cJSON *rows)
{
	double now = drift_now(limit);
	double then = view_number(limit, "from.max_safe_scale");
	const char *use = words_say(page->arena,
			page->words,
			"drift.use",
			"use",
			drift_use(page, limit, "to.utilization"),
			"before",
			drift_use(page, limit, "from.utilization"),
			NULL);
	const char *says_now = drift_multiple(page, now, "drift.now", "drift.unlimited");
	const char *says_then = drift_multiple(page, then, "drift.then", "drift.unlimited.then");
	cJSON *row = cJSON_CreateObject();
	drift_copy(row, "id", view_get(limit, "id"));
	drift_copy(row, "title", view_get(limit, "title"));
	drift_copy(row, "status", view_get(limit, "to.status"));
	drift_copy(row, "utilization", view_get(limit, "to.utilization"));
	cJSON_AddStringToObject(row, "needs", use);
	cJSON_AddStringToObject(row, "cause", drift_cause(page, limit));
	member_number(row, "multiple", now);
	member_number(row, "multiple_after", then);
	cJSON_AddStringToObject(row, "says_now", says_now);
	cJSON_AddStringToObject(row, "says_after", says_then);
	cJSON_AddItemToArray(rows, row);
}

/* --- in words ------------------------------------------------------------------------------- */

static const char *drift_say(const struct drift_page *page, const cJSON *limit)
{
	const char *cause = drift_cause(page, limit);
	const char *key = "drift.finding";
	if (*cause)
		key = "drift.finding.cause";
	return words_say(page->arena,
			page->words,
			key,
			"limit",
			view_text(page->arena, limit, "title", TITLE_CHARS),
			"use",
			drift_use(page, limit, "to.utilization"),
			"before",
			drift_use(page, limit, "from.utilization"),
			"cause",
			cause,
			NULL);
}

void page_drift(struct arena *arena, const cJSON *root, cJSON *charts)
{
	struct drift_page page = {.arena = arena, .words = words_of(root)};
	struct text finding = {0};
	drift_collect(&page, root);
	if (page.count == 0)
		return;
	for (size_t i = 0; i < page.count; i++) {
		if (i > 0)
			text_add(&finding, " ");
		text_add(&finding, drift_say(&page, page.limits[i]));
	}
	const char *plan = words_say(arena, page.words, "drift.plan", NULL);
	cJSON *chart = cJSON_AddObjectToObject(charts, "drift");
	cJSON_AddStringToObject(chart, "finding", text_string(&finding));
	cJSON_AddStringToObject(chart, "plan", plan);
	cJSON *rows = cJSON_AddArrayToObject(chart, "rows");
	for (size_t i = 0; i < page.count; i++)
		drift_add_row(&page, page.limits[i], rows);
	text_release(&finding);
}
