/* The rows of the charts and their findings. The finding is the one text used for the SVG
 * description, the PDF alternative text and the caption. */
#include <math.h>
#include <string.h>

#include "base/text.h"
#include "report/chart/words.h"
#include "report/document/verdict.h"
#include "report/document/view.h"
#include "report/render/format.h"
#include "report/render/page.h"

enum {
	SAMPLES_MAX = 12
};

static cJSON *page_charts_add_chart(cJSON *charts, const char *name, const struct text *finding)
{
	cJSON *chart = cJSON_AddObjectToObject(charts, name);
	cJSON_AddStringToObject(chart, "finding", text_string(finding));
	return cJSON_AddArrayToObject(chart, "rows");
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
	page_headroom(arena, root, charts);
	page_map(arena, root, charts);
	add_ramp(arena, root, charts);
	page_changes(arena, root, charts);
	page_run(arena, root, charts);
	page_calibration(arena, root, charts);
	page_ports(arena, root, charts);
}
