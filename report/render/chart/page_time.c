/* page.charts.time: the limits whose use over the plan is drawn, as samples, and what they show.
 * Nothing is drawn of a plan during which nothing changes. */
#include <math.h>
#include <string.h>

#include "base/text.h"
#include "report/chart/axis.h"
#include "report/chart/plot.h"
#include "report/chart/words.h"
#include "report/document/view.h"
#include "report/render/page.h"

enum {
	SAMPLES_MAX = 12,
	TIME_LINES_MAX = 4
};

/* A line below this share is drawn only if it is the tightest. */
static const double time_matters = 0.5;
/* A use that stays within this share is a level line. */
static const double time_changes = 0.1;

struct time_page {
	struct arena *arena;
	const cJSON *root, *times, *use;
	double until_s; /* of what happens for sure: the first break, or the end of the plan */
	double span_s;
	const cJSON *limit[TIME_LINES_MAX];
	size_t count;
};

static const cJSON *time_use_of(const struct time_page *page, const cJSON *limit)
{
	const char *id = view_raw(limit, "id");
	const cJSON *values = cJSON_GetObjectItemCaseSensitive(page->use, id);
	if (!cJSON_IsArray(values))
		return NULL;
	return values;
}

/* --- which limits --------------------------------------------------------------------------- */

static bool time_has(const struct time_page *page, const cJSON *limit)
{
	for (size_t i = 0; i < page->count; i++)
		if (page->limit[i] == limit)
			return true;
	return false;
}

static void time_take(struct time_page *page, const cJSON *limit)
{
	bool room = page->count < TIME_LINES_MAX;
	if (limit && room && time_use_of(page, limit) && !time_has(page, limit))
		page->limit[page->count++] = limit;
}

/* The limit that this member of the document names. */
static const cJSON *time_named(const struct time_page *page, const char *path)
{
	const char *id = view_raw(page->root, path);
	return view_resource(page->root, id);
}

/* The fullest of those that are not taken and above the share; NULL: none. */
static const cJSON *time_fullest(const struct time_page *page, double above)
{
	const cJSON *limit, *best = NULL;
	double most = above;
	cJSON_ArrayForEach(limit, view_array(page->root, "resources")) {
		double use = view_number(limit, "utilization");
		if (!(use > most) || !time_use_of(page, limit) || time_has(page, limit))
			continue;
		best = limit;
		most = use;
	}
	return best;
}

/* What breaks first, else the tightest; then what else is above half. */
static void time_choose(struct time_page *page)
{
	const cJSON *more;
	if (isfinite(page->until_s))
		time_take(page, time_named(page, "breaks.resource"));
	if (!page->count)
		time_take(page, time_named(page, "binding.resource"));
	if (!page->count)
		time_take(page, time_fullest(page, 0));
	while (page->count < TIME_LINES_MAX && (more = time_fullest(page, time_matters)))
		time_take(page, more);
}

/* Whether its use changes before anything breaks. */
static bool time_moves(const struct time_page *page, const cJSON *limit)
{
	double least = INFINITY, most = -INFINITY;
	const cJSON *time = page->times->child, *share;
	cJSON_ArrayForEach(share, time_use_of(page, limit)) {
		double use = view_number(share, "");
		if (!time || view_number(time, "") > page->until_s)
			break;
		time = time->next;
		if (isnan(use))
			continue;
		least = fmin(least, use);
		most = fmax(most, use);
	}
	return most - least >= time_changes;
}

static bool time_shows(const struct time_page *page)
{
	for (size_t i = 0; i < page->count; i++)
		if (time_moves(page, page->limit[i]))
			return true;
	return false;
}

/* --- samples -------------------------------------------------------------------------------- */

static cJSON *time_copy_of(const cJSON *value)
{
	if (!value)
		return cJSON_CreateNull();
	return cJSON_Duplicate(value, true);
}

static void time_add_uses(const struct time_page *page, cJSON *row, int index)
{
	cJSON *uses = cJSON_AddArrayToObject(row, "uses");
	for (size_t i = 0; i < page->count; i++) {
		const cJSON *values = time_use_of(page, page->limit[i]);
		const cJSON *use = cJSON_GetArrayItem(values, index);
		cJSON_AddItemToArray(uses, time_copy_of(use));
	}
}

static void time_add_rows(const struct time_page *page, cJSON *rows)
{
	const cJSON *series = view_object(page->root, "timeline.series");
	int size = cJSON_GetArraySize(page->times);
	int step = page_sample_step(size, SAMPLES_MAX);
	for (int i = 0; i < size; i += step) {
		cJSON *row = cJSON_CreateObject();
		page_add_sample(row, "t", page->times, i);
		page_add_sample(row, "live", view_array(series, "live"), i);
		page_add_sample(row, "time_wait", view_array(series, "time_wait"), i);
		page_add_sample(row, "opens_per_s", view_array(series, "opens_per_s"), i);
		time_add_uses(page, row, i);
		cJSON_AddItemToArray(rows, row);
	}
}

static void time_copy(const cJSON *from, const char *name, cJSON *to)
{
	const cJSON *value = view_get(from, name);
	cJSON_AddItemToObject(to, name, time_copy_of(value));
}

static void time_add_lines(const struct time_page *page, cJSON *lines)
{
	static const char *const members[] = {"id", "title", "utilization", "at_s"};
	for (size_t i = 0; i < page->count; i++) {
		cJSON *line = cJSON_CreateObject();
		for (size_t k = 0; k < sizeof members / sizeof *members; k++)
			time_copy(page->limit[i], members[k], line);
		cJSON_AddItemToArray(lines, line);
	}
}

/* Connections at the first sample that is not before this second. */
static double time_live_at(const struct time_page *page, double second)
{
	const cJSON *time = page->times->child, *live;
	cJSON_ArrayForEach(live, view_array(page->root, "timeline.series.live")) {
		if (!time || view_number(time, "") >= second)
			return view_number(live, "");
		time = time->next;
	}
	return (double)NAN;
}

/* What breaks first; NULL: nothing does while the plan runs. */
static cJSON *time_broken(const struct time_page *page)
{
	double at_s = view_number(page->root, "breaks.at_s");
	const cJSON *limit = time_named(page, "breaks.resource");
	if (!(at_s >= 0) || !isfinite(at_s) || !limit)
		return NULL;
	cJSON *broken = cJSON_CreateObject();
	time_copy(limit, "id", broken);
	time_copy(limit, "title", broken);
	cJSON_AddNumberToObject(broken, "at_s", at_s);
	double live = time_live_at(page, at_s);
	if (isfinite(live))
		cJSON_AddNumberToObject(broken, "live", live);
	return broken;
}

/* --- in words ------------------------------------------------------------------------------- */

static const char *time_say_peak(const struct time_page *page, const cJSON *limit)
{
	double at_s = view_number(limit, "at_s");
	const char *key = "time.finding.peak";
	if (!isfinite(at_s))
		key = "time.finding.peak.lasts";
	return words_say(page->arena,
			words_of(page->root),
			key,
			"limit",
			view_text(page->arena, limit, "title", 60),
			"use",
			view_figure(page->arena, limit, "utilization", UNIT_RATIO),
			"time",
			axis_clock(page->arena, at_s, page->span_s),
			NULL);
}

static void time_tell(const struct time_page *page, const cJSON *broken, struct text *out)
{
	struct arena *arena = page->arena;
	const cJSON *words = words_of(page->root);
	const char *first = words_say(arena, words, "time.finding.never", NULL);
	if (broken)
		first = words_say(arena,
				words,
				"time.finding",
				"limit",
				view_text(arena, broken, "title", 60),
				"time",
				axis_clock(arena, view_number(broken, "at_s"), page->span_s),
				"connections",
				view_figure_of(arena, ceil(view_number(broken, "live")), UNIT_COUNT),
				NULL);
	text_add(out, first);
	for (size_t i = 0; i < page->count; i++)
		text_add(out, time_say_peak(page, page->limit[i]));
	if (broken)
		text_add(out, words_say(arena, words, "time.finding.after", NULL));
	text_add(out, words_say(arena, words, "time.finding.end", NULL));
}

static void time_put(const struct time_page *page, cJSON *charts)
{
	struct text finding = {0};
	cJSON *chart = cJSON_AddObjectToObject(charts, "time");
	cJSON *broken = time_broken(page);
	time_tell(page, broken, &finding);
	cJSON_AddStringToObject(chart, "finding", text_string(&finding));
	text_release(&finding);
	time_add_lines(page, cJSON_AddArrayToObject(chart, "lines"));
	time_add_rows(page, cJSON_AddArrayToObject(chart, "rows"));
	if (broken)
		cJSON_AddItemToObject(chart, "broken", broken);
}

void page_time(struct arena *arena, const cJSON *root, cJSON *charts)
{
	struct time_page page = {
			.arena = arena,
			.root = root,
			.times = view_array(root, "timeline.t"),
			.use = view_object(root, "timeline.series.use"),
			.until_s = view_number(root, "breaks.at_s"),
	};
	int size = cJSON_GetArraySize(page.times);
	if (size < 2 || !page.use)
		return;
	page.span_s = view_number(cJSON_GetArrayItem(page.times, size - 1), "");
	if (!isfinite(page.until_s))
		page.until_s = INFINITY;
	time_choose(&page);
	if (time_shows(&page))
		time_put(&page, charts);
}
