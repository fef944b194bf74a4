/* page.charts.sizing: hosts over load. */
#include <math.h>
#include <string.h>

#include "base/text.h"
#include "report/chart/words.h"
#include "report/document/load.h"
#include "report/document/member.h"
#include "report/document/verdict.h"
#include "report/document/view.h"
#include "report/render/format.h"
#include "report/render/page.h"

static cJSON *page_changes_add_chart(cJSON *charts, const char *name, struct text *finding)
{
	cJSON *chart = cJSON_AddObjectToObject(charts, name);
	cJSON_AddStringToObject(chart, "finding", text_string(finding));
	text_release(finding);
	return cJSON_AddArrayToObject(chart, "rows");
}

/* --- hosts over load ------------------------------------------------------------------------ */

static const char *page_changes_hosts_text(struct arena *arena,
		const cJSON *words,
		const cJSON *point,
		const char *path)
{
	double hosts = view_number(point, path);
	const char *key = isnan(hosts)     ? "sizing.finding.no-help"
			: hosts >= 1 && hosts <= 1 ? "host"
									   : "hosts";
	return words_say(arena, words, key, "hosts", view_figure(arena, point, path, UNIT_COUNT), NULL);
}

static void tell_hosts(struct arena *arena, const cJSON *root, struct text *out)
{
	const cJSON *point = NULL, *at;
	const cJSON *words = words_of(root);
	const char *after = "sizing.finding.after";
	text_add(out,
			words_say(arena,
					words,
					"sizing.finding",
					"hosts",
					page_changes_hosts_text(arena, words, root, "hosts_needed.now"),
					NULL));
	if (view_count(root, "ladder"))
		text_add(out,
				words_say(arena,
						words,
						after,
						"hosts",
						page_changes_hosts_text(arena, words, root, "hosts_needed.after_fixes"),
						NULL));
	cJSON_ArrayForEach(at, view_array(root, "sizing"))
		point = at;
	text_add(out,
			words_say(arena,
					words,
					"sizing.finding.at",
					"share",
					view_figure(arena, point, "load.scale", UNIT_RATIO),
					"load",
					page_load_text(arena, root, view_get(point, "load")),
					"hosts",
					page_changes_hosts_text(arena, words, point, "now"),
					NULL));
	if (view_count(root, "ladder"))
		text_add(out,
				words_say(arena,
						words,
						after,
						"hosts",
						page_changes_hosts_text(arena, words, point, "after_fixes"),
						NULL));
	text_add(out, words_say(arena, words, "sizing.finding.end", NULL));
}

/* What one host carries, and where more hosts no longer help: both as shares of the plan. */
struct share_of_host {
	double carries, reach;
};

static double safe_scale_of(const cJSON *limit, bool after)
{
	double then = view_number(limit, "max_safe_after.scale");
	if (after && !isnan(then))
		return then;
	return view_number(limit, "max_safe_scale");
}

static struct share_of_host share_of_host(const cJSON *root, bool after)
{
	struct share_of_host share = {INFINITY, INFINITY};
	const cJSON *limit;
	cJSON_ArrayForEach(limit, view_array(root, "resources")) {
		bool hard = strcmp(view_raw(limit, "severity"), "hard") == 0;
		enum status status = document_status(limit);
		double safe = safe_scale_of(limit, after);
		if (!hard || status == STATUS_NOT_APPLICABLE || isnan(safe))
			continue;
		if (view_true(limit, "ignored"))
			continue;
		bool divides = view_true(limit, "divides") || !view_get(limit, "divides");
		if (divides)
			share.carries = fmin(share.carries, safe);
		else
			share.reach = fmin(share.reach, safe);
	}
	return share;
}

static double hosts_of_share(const struct share_of_host *share, double scale)
{
	if (scale > share->reach || !(share->carries > 0))
		return (double)NAN;
	return fmax(1, ceil(scale / share->carries - 1e-9));
}

/* Whether it gives every number of hosts that the document has. */
static bool share_agrees(const cJSON *root, const struct share_of_host *share, const char *path)
{
	const cJSON *point;
	cJSON_ArrayForEach(point, view_array(root, "sizing")) {
		double said = view_number(point, path);
		double hosts = hosts_of_share(share, view_number(point, "load.scale"));
		bool same = said >= hosts && said <= hosts;
		if (!same && !(isnan(said) && isnan(hosts)))
			return false;
	}
	return true;
}

static const char *share_path(bool after)
{
	if (after)
		return "after_fixes";
	return "now";
}

static void page_changes_add_share(const cJSON *root, cJSON *chart, bool after)
{
	const struct share_of_host share = share_of_host(root, after);
	const char *path = share_path(after);
	if (!share_agrees(root, &share, path))
		return;
	cJSON *node = cJSON_AddObjectToObject(chart, path);
	member_number(node, "carries", share.carries);
	member_number(node, "reach", share.reach);
}

/* One host, up to the last load: nothing to draw. */
static bool is_one_host(const cJSON *root)
{
	const cJSON *point, *last = NULL;
	cJSON_ArrayForEach(point, view_array(root, "sizing"))
		last = point;
	return view_number(last, "now") <= 1;
}

static void add_sizing(struct arena *arena, const cJSON *root, cJSON *charts)
{
	struct text finding = {0};
	const cJSON *point;
	bool known = false;
	cJSON_ArrayForEach(point, view_array(root, "sizing"))
		known = known || isfinite(view_number(point, "now")) ||
				isfinite(view_number(point, "after_fixes"));
	if (!known || view_count(root, "sizing") < 2 || is_one_host(root))
		return;
	const struct share_of_host now = share_of_host(root, false);
	if (!share_agrees(root, &now, "now"))
		return;
	tell_hosts(arena, root, &finding);
	cJSON *rows = page_changes_add_chart(charts, "sizing", &finding);
	cJSON *chart = cJSON_GetObjectItemCaseSensitive(charts, "sizing");
	cJSON_ArrayForEach(point, view_array(root, "sizing"))
		cJSON_AddItemToArray(rows, cJSON_Duplicate(point, true));
	page_changes_add_share(root, chart, false);
	if (view_count(root, "ladder"))
		page_changes_add_share(root, chart, true);
}

void page_changes(struct arena *arena, const cJSON *root, cJSON *charts)
{
	add_sizing(arena, root, charts);
}
