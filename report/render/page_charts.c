/* The rows of the charts and their findings. The finding is the one text used for the SVG
 * description, the PDF alternative text and the caption. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "report/chart/words.h"
#include "report/document/verdict.h"
#include "report/document/view.h"
#include "report/render/format.h"
#include "report/render/page.h"

enum {
	ROWS_MAX = 64,
	SAMPLES_MAX = 12
};

static cJSON *page_charts_add_chart(cJSON *charts, const char *name, const struct text *finding)
{
	cJSON *chart = cJSON_AddObjectToObject(charts, name);
	cJSON_AddStringToObject(chart, "finding", text_string(finding));
	return cJSON_AddArrayToObject(chart, "rows");
}

static bool is_judged(const cJSON *resource)
{
	enum status status = document_status(resource);
	return status == STATUS_PASS || status == STATUS_WARN || status == STATUS_FAIL;
}

/* Equal numbers keep the order of the document, which qsort alone would not guarantee. */
struct ranked {
	const cJSON *resource;
	double key;
	size_t position;
};

static int page_charts_by_key(const void *a, const void *b)
{
	const struct ranked *left = a, *right = b;
	if (left->key < right->key || left->key > right->key)
		return left->key < right->key ? -1 : 1;
	return left->position < right->position ? -1 : left->position > right->position;
}

/* The judged resources with a known number at `path`, sorted by sign × number. */
static size_t page_charts_rank(const cJSON *root,
		const char *path,
		double sign,
		struct ranked rows[ROWS_MAX])
{
	size_t count = 0;
	const cJSON *resource;
	cJSON_ArrayForEach(resource, view_array(root, "resources")) {
		double key = view_number(resource, path);
		if (is_judged(resource) && !isnan(key) && count < ROWS_MAX) {
			rows[count] =
					(struct ranked){.resource = resource, .key = sign * key, .position = count};
			count++;
		}
	}
	if (count)
		qsort(rows, count, sizeof *rows, page_charts_by_key);
	return count;
}

static void page_charts_add_rows(cJSON *list, const struct ranked *rows, size_t count)
{
	for (size_t i = 0; i < count; i++)
		cJSON_AddItemToArray(list, cJSON_Duplicate(rows[i].resource, true));
}

/* Beside a limit that is not known, what is safe is not known either. */
static const char *ladder_word(const cJSON *root)
{
	if (view_object(root, "at_most"))
		return "ladder.finding.at-most";
	return "ladder.finding";
}

/* What binds, what the plan asks, and the next hard limit above it. */
static void ladder_finding(struct arena *arena,
		const cJSON *root,
		const struct ranked *rows,
		size_t count,
		struct text *finding)
{
	const char *binding = view_raw(root, "binding.resource");
	const cJSON *words = words_of(root);
	bool found = false;
	for (size_t i = 0; i < count; i++) {
		const cJSON *row = rows[i].resource;
		bool hard = !strcmp(view_raw(row, "severity"), "hard");
		const char *title = view_text(arena, row, "title", 60),
				   *load = page_load_text(arena, root, view_get(row, "max_safe"));
		if (!found && !strcmp(view_raw(row, "id"), binding)) {
			text_add(finding,
					words_say(arena,
							words,
							ladder_word(root),
							"limit",
							title,
							"load",
							load,
							"plan",
							page_load_text(arena, root, view_get(root, "plan")),
							NULL));
			found = true;
		} else if (found && hard && !isinf(rows[i].key)) {
			text_add(finding,
					words_say(arena,
							words,
							"ladder.finding.next",
							"limit",
							title,
							"load",
							load,
							NULL));
			return;
		}
	}
	if (!found)
		text_add(finding,
				words_say(arena,
						words,
						view_number(root, "page.counts.unknown") > 0 ? "ladder.finding.far-judged"
																	 : "ladder.finding.far",
						NULL));
}

static void add_ladder(struct arena *arena, const cJSON *root, cJSON *charts)
{
	struct ranked rows[ROWS_MAX];
	size_t count = page_charts_rank(root, "max_safe_scale", 1, rows);
	struct text finding = {0};
	if (count == 0 || !view_object(root, "plan"))
		return;
	ladder_finding(arena, root, rows, count, &finding);
	page_charts_add_rows(page_charts_add_chart(charts, "ladder", &finding), rows, count);
	text_release(&finding);
}

static void add_bullets(struct arena *arena, const cJSON *root, cJSON *charts)
{
	struct ranked rows[ROWS_MAX];
	size_t count = page_charts_rank(root, "utilization", -1, rows);
	struct text finding = {0};
	double target = view_number(root, "target_utilization");
	if (count == 0)
		return;
	size_t over = 0, inside = 0;
	for (size_t i = 0; i < count; i++) {
		over += rows[i].key < -1;
		inside += rows[i].key >= -1 && rows[i].key < -target;
	}
	text_add(&finding,
			words_say(arena,
					words_of(root),
					"bullets.finding",
					"over",
					view_figure_of(arena, (double)over, UNIT_COUNT),
					"limits",
					view_figure_of(arena, (double)count, UNIT_COUNT),
					"target",
					view_figure(arena, root, "target_utilization", UNIT_RATIO),
					"inside",
					view_figure_of(arena, (double)inside, UNIT_COUNT),
					"limit",
					view_text(arena, rows[0].resource, "title", 60),
					"use",
					view_figure(arena, rows[0].resource, "utilization", UNIT_RATIO),
					NULL));
	page_charts_add_rows(page_charts_add_chart(charts, "bullets", &finding), rows, count);
	text_release(&finding);
}

/* --- the time of the plan ------------------------------------------------------------------- */

static void page_charts_add_samples(const cJSON *root, cJSON *list, const char *binding)
{
	const cJSON *times = view_array(root, "timeline.t"),
				*series = view_object(root, "timeline.series");
	int size = cJSON_GetArraySize(times);
	int step = page_sample_step(size, SAMPLES_MAX);
	for (int i = 0; i < size; i += step) {
		cJSON *row = cJSON_CreateObject();
		page_add_sample(row, "t", times, i);
		page_add_sample(row, "live", view_array(series, "live"), i);
		page_add_sample(row, "time_wait", view_array(series, "time_wait"), i);
		page_add_sample(row, "opens_per_s", view_array(series, "opens_per_s"), i);
		page_add_sample(row,
				"use",
				cJSON_GetObjectItemCaseSensitive(view_get(series, "use"), binding),
				i);
		cJSON_AddItemToArray(list, row);
	}
}

/* Whether a limit's demand is what the sockets of the picture are: connections and those in
 * TIME_WAIT. */
static bool counts_sockets(const cJSON *root, const cJSON *resource)
{
	const cJSON *series = view_object(root, "timeline.series");
	const cJSON *use = cJSON_GetObjectItemCaseSensitive(view_get(series, "use"),
			view_raw(resource, "id"));
	const cJSON *share, *live = view_array(series, "live"),
						*closed = view_array(series, "time_wait");
	double capacity = view_number(resource, "capacity"), apart = 0, most = 0;
	live = live ? live->child : NULL;
	closed = closed ? closed->child : NULL;
	cJSON_ArrayForEach(share, use) {
		double sockets = view_number(live, "") + view_number(closed, ""),
			   used = view_number(share, "") * capacity;
		if (!live || !closed || !isfinite(sockets) || !isfinite(used))
			return false;
		apart = fmax(apart, fabs(used - sockets));
		most = fmax(most, sockets);
		live = live->next;
		closed = closed->next;
	}
	return use && isfinite(capacity) && most > 0 && apart <= 0.01 * most + 1;
}

/* The limit that is reached first, if it counts sockets; else the tightest of those that do; NULL
 * if none does. */
static const cJSON *limit_of_sockets(const cJSON *root)
{
	const cJSON *resource, *best = view_resource(root, view_raw(root, "breaks.resource"));
	if (best && counts_sockets(root, best))
		return best;
	best = NULL;
	cJSON_ArrayForEach(resource, view_array(root, "resources"))
		if (counts_sockets(root, resource) &&
				(!best || view_number(resource, "utilization") > view_number(best, "utilization")))
			best = resource;
	return best;
}

/* The limit that the picture shows, where another one breaks first. */
static void tell_later(struct arena *arena, const cJSON *root, struct text *out)
{
	const cJSON *limit = limit_of_sockets(root);
	if (limit && strcmp(view_raw(limit, "id"), view_raw(root, "breaks.resource")) != 0 &&
			isfinite(view_number(limit, "exhausted_at_s")))
		text_add(out,
				words_say(arena,
						words_of(root),
						"ramp.finding.later",
						"limit",
						view_text(arena, limit, "title", 60),
						"time",
						view_figure(arena, limit, "exhausted_at_s", UNIT_SECONDS),
						NULL));
}

static void tell_ramp(struct arena *arena,
		const cJSON *root,
		const cJSON *resource,
		struct text *out)
{
	const char *title = view_text(arena, resource, "title", 60);
	const cJSON *words = words_of(root),
				*first = view_resource(root, view_raw(root, "breaks.resource"));
	bool breaks = isfinite(view_number(root, "breaks.at_s"));
	text_add(out,
			words_say(arena,
					words,
					breaks ? "ramp.finding" : "ramp.finding.never",
					"limit",
					view_text(arena, first, "title", 60),
					"time",
					view_figure(arena, root, "breaks.at_s", UNIT_SECONDS),
					NULL));
	tell_later(arena, root, out);
	if (isfinite(view_number(resource, "target_crossed_at_s")))
		text_add(out,
				words_say(arena,
						words,
						"ramp.finding.target",
						"limit",
						title,
						"target",
						view_figure(arena, root, "target_utilization", UNIT_RATIO),
						"time",
						view_figure(arena, resource, "target_crossed_at_s", UNIT_SECONDS),
						NULL));
	if (*title)
		text_add(out,
				words_say(arena,
						words,
						"ramp.finding.peak",
						"limit",
						title,
						"use",
						view_figure(arena, resource, "utilization", UNIT_RATIO),
						NULL));
	text_add(out, words_say(arena, words, "ramp.finding.end", NULL));
}

static void add_ramp(struct arena *arena, const cJSON *root, cJSON *charts)
{
	const char *binding = view_raw(root, "binding.resource");
	struct text finding = {0};
	if (view_count(root, "timeline.series.live") < 2 || view_count(root, "timeline.t") < 2)
		return;
	tell_ramp(arena, root, view_resource(root, binding), &finding);
	page_charts_add_samples(root, page_charts_add_chart(charts, "ramp", &finding), binding);
	text_release(&finding);
	const cJSON *limit = limit_of_sockets(root);
	if (limit)
		cJSON_AddItemToObject(cJSON_GetObjectItemCaseSensitive(charts, "ramp"),
				"limit",
				cJSON_Duplicate(limit, true));
}

void page_charts(struct arena *arena, cJSON *root, cJSON *page)
{
	cJSON *charts = cJSON_AddObjectToObject(page, "charts");
	add_ladder(arena, root, charts);
	add_bullets(arena, root, charts);
	add_ramp(arena, root, charts);
	page_changes(arena, root, charts);
	page_run(arena, root, charts);
	page_calibration(arena, root, charts);
	page_ports(arena, root, charts);
}
