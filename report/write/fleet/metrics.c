/* headroom.fleet/1 as metrics, for the textfile collector of node_exporter or a Pushgateway. No
 * series for each host: hosts come and go, and a class says more. */
#include <math.h>
#include <string.h>

#include "base/array.h"
#include "report/document/verdict.h"
#include "report/document/view.h"
#include "report/write/fleet/page.h"
#include "report/write/metrics.h"
#include "report/write/write.h"

static void fleet_gauge(struct text *out, const char *name, const char *help, double value)
{
	metrics_head(out, name, help, "gauge");
	metrics_add(out, name, NULL, 0, value);
}

static void add_states(const cJSON *document, struct text *out)
{
	static const char name[] = "headroom_fleet_hosts";
	static const char *const paths[] = {
			"counts.passed",
			"counts.failed",
			"counts.unknown",
			"counts.missing",
			"counts.duplicate",
			"counts.broken",
			"counts.standing_by",
	};
	metrics_head(out, name, "Hosts of the fleet by what became of them.", "gauge");
	for (size_t i = 0; i < COUNT_OF(paths); i++) {
		const struct metrics_label label = {"state", strchr(paths[i], '.') + 1};
		metrics_add(out, name, &label, 1, view_number(document, paths[i]));
	}
}

/* The fullest host over all classes. */
static double highest_use(const cJSON *document, const char *id)
{
	const cJSON *class;
	double highest = (double)NAN;
	cJSON_ArrayForEach(class, view_array(document, "classes")) {
		const cJSON *limit = view_find(view_array(class, "limits"), "id", id);
		double use = view_number(limit, "use.most");
		if (!isnan(use) && !(use <= highest))
			highest = use;
	}
	return highest;
}

static void add_uses(const cJSON *document, struct arena *arena, struct text *out)
{
	static const char name[] = "headroom_fleet_limit_use_ratio";
	const cJSON *limit;
	bool any = false;
	cJSON_ArrayForEach(limit, view_array(document, "limits")) {
		double use = highest_use(document, view_raw(limit, "id"));
		const struct metrics_label label = {"limit", view_text(arena, limit, "id", 60)};
		if (isnan(use))
			continue;
		if (!any)
			metrics_head(out,
					name,
					"Use of a limit by the plan on the fleet's fullest host; 1 is all there is.",
					"gauge");
		any = true;
		metrics_add(out, name, &label, 1, use);
	}
}

void write_fleet_metrics(const cJSON *document,
		const struct write_options *options,
		struct text *out)
{
	double expected = view_number(document, "counts.expected");
	double safe = view_number(document, "path.now.scale");
	enum verdict verdict = document_verdict(document);
	fleet_gauge(out,
			"headroom_fleet_pass",
			"Whether every expected host answered and can carry its share.",
			verdict == VERDICT_PASS);
	fleet_gauge(out,
			"headroom_fleet_fail",
			"Whether a host cannot carry its share.",
			verdict == VERDICT_FAIL);
	if (!isnan(expected))
		fleet_gauge(out, "headroom_fleet_expected", "Hosts that should answer.", expected);
	fleet_gauge(out,
			"headroom_fleet_answered",
			"Hosts that answered.",
			view_number(document, "counts.answered"));
	fleet_gauge(out,
			"headroom_fleet_stale",
			"Hosts whose values are too old.",
			view_number(document, "counts.stale"));
	fleet_gauge(out,
			"headroom_fleet_source_error",
			"Whether a source ended in an error.",
			view_true(document, "source_error"));
	add_states(document, out);
	fleet_gauge(out,
			"headroom_fleet_classes",
			"Classes of hosts with the same settings and results.",
			(double)view_count(document, "classes"));
	add_uses(document, options->arena, out);
	if (!isnan(safe))
		fleet_gauge(out,
				"headroom_fleet_safe_ratio",
				"How much of the plan is safe, at the narrowest end.",
				safe);
}
