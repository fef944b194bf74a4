/* page.charts.history: earlier audits of this plan on this host, and what changed its highest safe
 * load. */
#include <math.h>
#include <string.h>

#include "base/text.h"
#include "report/chart/words.h"
#include "report/document/load.h"
#include "report/document/view.h"
#include "report/render/format.h"
#include "report/render/page.h"

enum {
	HISTORY_LEAST = 3,
	HISTORY_SHOWN = 12,
	CAUSE_CHARS = 60
};

struct history_page {
	struct arena *arena;
	const cJSON *root, *words;
};

/* "2026-05-20", or "2026-05-20 08:00". */
static const char *history_time(const struct history_page *page, const cJSON *audit, bool clock)
{
	const size_t day = 10, minute = 5;
	const char *created = view_raw(audit, "created");
	size_t length = strlen(created);
	const char *date = text_clean(page->arena, created, strnlen(created, day), day);
	if (!clock || length < day + 1 + minute)
		return date;
	const char *time = text_clean(page->arena, created + day + 1, minute, minute);
	return arena_printf(page->arena, "%s %s", date, time);
}

static const char *history_safe(const struct history_page *page, const cJSON *audit)
{
	const cJSON *safe = view_object(audit, "max_safe");
	const struct load_point load = document_load(page->arena, safe);
	if (load_says(&load) == LOAD_SAYS_NOTHING)
		return "";
	return page_load_text(page->arena, page->root, safe);
}

static void history_tell(const struct history_page *page, const cJSON *audit, struct text *out)
{
	struct arena *arena = page->arena;
	const char *safe = history_safe(page, audit);
	const char *verdict = words_status(arena, page->words, view_raw(audit, "verdict"));
	text_add(out,
			words_say(arena,
					page->words,
					"history.finding",
					"day",
					history_time(page, audit, false),
					"verdict",
					verdict,
					NULL));
	if (*safe)
		text_add(out, words_say(arena, page->words, "history.finding.safe", "load", safe, NULL));
	text_add(out, words_say(arena, page->words, "history.finding.end", NULL));
}

/* --- rows ----------------------------------------------------------------------------------- */

static void history_copy(cJSON *audit, const char *name, const cJSON *value)
{
	if (value)
		cJSON_AddItemToObject(audit, name, cJSON_Duplicate(value, true));
	else
		cJSON_AddNullToObject(audit, name);
}

/* This audit as the last of its history. */
static cJSON *history_this(const cJSON *root)
{
	cJSON *audit = cJSON_CreateObject();
	cJSON_AddStringToObject(audit, "created", view_raw(root, "created"));
	cJSON_AddStringToObject(audit, "verdict", view_raw(root, "verdict"));
	cJSON_AddStringToObject(audit, "binding", view_raw(root, "binding.resource"));
	history_copy(audit, "because", view_array(root, "changed_by"));
	history_copy(audit, "max_safe", view_object(root, "page.safe"));
	return audit;
}

/* Facts that moved the limit, else the limit that is reached first since then; "": neither is
 * known. */
static const char *history_cause(const struct history_page *page,
		const cJSON *audit,
		const char *binding)
{
	const char *key = "history.step.cause";
	const char *limit = view_raw(audit, "binding");
	const cJSON *because = view_array(audit, "because");
	int more = cJSON_GetArraySize(because) - 1;
	const cJSON *first = cJSON_GetArrayItem(because, 0);
	if (more > 0)
		key = "history.step.cause.more";
	if (first)
		return words_say(page->arena,
				page->words,
				key,
				"cause",
				view_text(page->arena, first, "", CAUSE_CHARS),
				"count",
				view_figure_of(page->arena, more, UNIT_COUNT),
				NULL);
	if (!*limit || strcmp(limit, binding) == 0)
		return "";
	const cJSON *resource = view_resource(page->root, limit);
	const char *title = view_text(page->arena, resource, "title", CAUSE_CHARS);
	if (!*title)
		title = view_text(page->arena, audit, "binding", CAUSE_CHARS);
	return words_say(page->arena, page->words, "history.step.limit", "limit", title, NULL);
}

/* What the chart counts. */
static const char *history_figure(const struct history_page *page, const cJSON *audit)
{
	const char *path = "max_safe.connections";
	enum unit unit = UNIT_COUNT;
	if (strcmp(view_raw(page->root, "page.basis"), "rate") == 0) {
		path = "max_safe.open_rate_per_s";
		unit = UNIT_PER_S;
	}
	return view_figure(page->arena, audit, path, unit);
}

static void history_add_step(const struct history_page *page,
		cJSON *audit,
		const cJSON *before,
		int number)
{
	const char *cause = history_cause(page, audit, view_raw(before, "binding"));
	const char *text = words_say(page->arena,
			page->words,
			"history.step",
			"load",
			history_figure(page, audit),
			"before",
			history_figure(page, before),
			"cause",
			cause,
			NULL);
	cJSON_AddNumberToObject(audit, "step", number);
	cJSON_AddStringToObject(audit, "says_step", text);
}

/* By a hundredth or more; from or to "unlimited" as well. */
static bool history_moved(const cJSON *before, const cJSON *audit)
{
	const double share = 0.01;
	double was = view_number(before, "max_safe.connections");
	double is = view_number(audit, "max_safe.connections");
	if (isnan(was) || isnan(is) || (isinf(was) && isinf(is)))
		return false;
	if (isinf(was) || isinf(is))
		return true;
	return fabs(is - was) > share * fmax(was, is);
}

/* Numbers the audits at which the safe load is another one than the time before. `changed`: another
 * limit is reached first. */
static void history_number_steps(const struct history_page *page, cJSON *rows)
{
	int steps = 0;
	const cJSON *before = NULL;
	cJSON *audit;
	cJSON_ArrayForEach(audit, rows) {
		const char *then = view_raw(before, "binding");
		const char *now = view_raw(audit, "binding");
		bool changed = *then && *now && strcmp(then, now) != 0;
		cJSON_AddBoolToObject(audit, "changed", changed);
		if (before && history_moved(before, audit)) {
			steps++;
			history_add_step(page, audit, before, steps);
		}
		if (!isnan(view_number(audit, "max_safe.connections")))
			before = audit;
	}
}

static void history_tell_step(const struct history_page *page, const cJSON *audit, struct text *out)
{
	text_add(out,
			words_say(page->arena,
					page->words,
					"history.finding.step",
					"time",
					history_time(page, audit, true),
					"step",
					view_raw(audit, "says_step"),
					NULL));
}

void page_history(struct arena *arena, const cJSON *root, cJSON *charts)
{
	const struct history_page page = {arena, root, words_of(root)};
	const cJSON *earlier = view_array(root, "history"), *audit;
	int size = cJSON_GetArraySize(earlier), from = 0;
	struct text finding = {0};
	if (size + 1 < HISTORY_LEAST || !view_object(root, "plan"))
		return;
	if (size >= HISTORY_SHOWN)
		from = size - HISTORY_SHOWN + 1;
	cJSON *last = history_this(root);
	history_tell(&page, cJSON_GetArrayItem(earlier, from), &finding);
	text_add(&finding, " ");
	history_tell(&page, last, &finding);
	cJSON *chart = cJSON_AddObjectToObject(charts, "history");
	cJSON *rows = cJSON_CreateArray();
	for (audit = cJSON_GetArrayItem(earlier, from); audit; audit = audit->next)
		cJSON_AddItemToArray(rows, cJSON_Duplicate(audit, true));
	cJSON_AddItemToArray(rows, last);
	history_number_steps(&page, rows);
	cJSON_AddItemToObject(chart, "rows", rows);
	cJSON_ArrayForEach(audit, rows) {
		if (*view_raw(audit, "says_step"))
			history_tell_step(&page, audit, &finding);
	}
	cJSON_AddStringToObject(chart, "finding", text_string(&finding));
	text_release(&finding);
}
