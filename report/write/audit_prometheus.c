/* An audit or a gate (headroom.audit) as metrics, for node_exporter's textfile collector: the text
 * exposition format 0.0.4. Each series names its plan, so that several audits of a host go side by
 * side. What is not known is left out: a series that is missing is no 0. */
#include <ctype.h>
#include <math.h>
#include <string.h>

#include "base/array.h"
#include "base/os/clock.h"
#include "model/verdict.h"
#include "report/document/badge.h"
#include "report/document/verdict.h"
#include "report/document/view.h"
#include "report/write/metrics.h"
#include "report/write/write.h"

enum {
	AUDIT_LABEL_CHARS = 200
};

struct audit_metrics {
	const cJSON *document;
	struct arena *arena;
	struct text *out;
	const char *plan;
};

/* What stands beside the plan: at most one name more. */
static void audit_add(const struct audit_metrics *metrics,
		const char *name,
		const struct metrics_label *more,
		size_t count,
		double number)
{
	struct metrics_label labels[4] = {{"plan", metrics->plan}};
	for (size_t i = 0; i < count; i++)
		labels[i + 1] = more[i];
	metrics_add(metrics->out, name, labels, count + 1, number);
}

static void audit_gauge(const struct audit_metrics *metrics,
		const char *name,
		const char *help,
		double number)
{
	if (isnan(number))
		return;
	metrics_head(metrics->out, name, help, "gauge");
	audit_add(metrics, name, NULL, 0, number);
}

static const char *audit_text(const struct audit_metrics *metrics, const char *path)
{
	const char *text = view_text(metrics->arena, metrics->document, path, AUDIT_LABEL_CHARS);
	if (*text)
		return text;
	return NULL;
}

static void audit_add_info(const struct audit_metrics *metrics)
{
	static const char name[] = "headroom_audit_info";
	const struct metrics_label labels[] = {
			{"host", audit_text(metrics, "host.name")},
			{"version", audit_text(metrics, "tool.version")},
			{"ticket", audit_text(metrics, "request.ticket")},
	};
	metrics_head(metrics->out,
			name,
			"The host that was audited, and by which version of headroom.",
			"gauge");
	audit_add(metrics, name, labels, COUNT_OF(labels), 1);
}

/* One of them is 1: the words of the badge, in lower case. */
static void audit_add_verdict(const struct audit_metrics *metrics)
{
	static const char name[] = "headroom_audit_verdict";
	static const char *const words[] = {
			"PASS",
			"FAIL",
			"UNKNOWN",
			"CERTIFIED",
			"NOT-CERTIFIED",
			"NOT-RUN",
			"AUDIT",
	};
	const char *word = badge_word(metrics->document);
	metrics_head(metrics->out,
			name,
			"The verdict of the audit or of the run: 1 for the one it is.",
			"gauge");
	for (size_t i = 0; i < COUNT_OF(words); i++) {
		char *lower = arena_strdup(metrics->arena, words[i]);
		for (char *at = lower; *at; at++)
			*at = (char)tolower((unsigned char)*at);
		const struct metrics_label label = {"verdict", lower};
		bool is = strcmp(word, words[i]) == 0;
		audit_add(metrics, name, &label, 1, is);
	}
}

static const struct audit_time {
	const char *name, *path, *help;
} audit_times[] = {
		{"headroom_audit_created_timestamp_seconds", "created", "When the audit was made."},
		{"headroom_audit_facts_timestamp_seconds",
				"as_of",
				"When the values of the host were read."},
		{"headroom_audit_valid_until_timestamp_seconds",
				"request.valid_until",
				"Until when the audit may be used."},
};

static void audit_add_times(const struct audit_metrics *metrics)
{
	time_t moment;
	for (size_t i = 0; i < COUNT_OF(audit_times); i++) {
		const struct audit_time *row = &audit_times[i];
		const char *text = view_raw(metrics->document, row->path);
		if (clock_parse(text, &moment))
			audit_gauge(metrics, row->name, row->help, (double)moment);
	}
}

static const struct audit_number {
	const char *name, *path, *help;
} audit_numbers[] = {
		{"headroom_audit_target_ratio",
				"target_utilization",
				"The part of a limit that the plan may use."},
		{"headroom_audit_plan_connections",
				"plan.connections",
				"Connections that the plan keeps open."},
		{"headroom_audit_plan_connections_per_second",
				"plan.open_rate_per_s",
				"Connections that the plan opens per second."},
		{"headroom_audit_safe_connections",
				"max_safe.connections",
				"Open connections that are safe on this host."},
		{"headroom_audit_safe_connections_per_second",
				"max_safe.open_rate_per_s",
				"New connections per second that are safe on this host."},
		{"headroom_audit_safe_plan_ratio",
				"max_safe.scale",
				"How much of the plan is safe; 1 is all of it."},
};

static void audit_add_numbers(const struct audit_metrics *metrics)
{
	for (size_t i = 0; i < COUNT_OF(audit_numbers); i++) {
		const struct audit_number *row = &audit_numbers[i];
		double number = view_number(metrics->document, row->path);
		audit_gauge(metrics, row->name, row->help, number);
	}
	audit_gauge(metrics,
			"headroom_audit_warnings",
			"Limits over the target that do not decide, and findings that are warnings.",
			(double)badge_warnings(metrics->document));
	audit_gauge(metrics,
			"headroom_audit_hypothetical_values",
			"Values that were assumed instead of those that were read.",
			(double)badge_hypothetical(metrics->document));
}

/* --- limits
 * ------------------------------------------------------------------------------------ */

static size_t audit_limit_labels(const struct audit_metrics *metrics,
		const cJSON *limit,
		struct metrics_label labels[2])
{
	const char *instance = view_text(metrics->arena, limit, "instance", AUDIT_LABEL_CHARS);
	labels[0].name = "limit";
	labels[0].value = view_text(metrics->arena, limit, "id", AUDIT_LABEL_CHARS);
	labels[1].name = "of";
	labels[1].value = NULL;
	if (*instance)
		labels[1].value = instance;
	return 2;
}

static const struct audit_number limit_numbers[] = {
		{"headroom_audit_limit_demand", "demand", "What the plan needs of a limit, at its most."},
		{"headroom_audit_limit_capacity", "capacity", "How much of it there is on this host."},
		{"headroom_audit_limit_use_ratio",
				"utilization",
				"The share of the limit that the plan needs; 1 is all of it."},
};

static void audit_add_limit_number(const struct audit_metrics *metrics,
		const struct audit_number *row)
{
	struct metrics_label labels[2];
	const cJSON *limit;
	bool any = false;
	cJSON_ArrayForEach(limit, view_array(metrics->document, "resources")) {
		double number = view_number(limit, row->path);
		if (isnan(number))
			continue;
		if (!any)
			metrics_head(metrics->out, row->name, row->help, "gauge");
		any = true;
		size_t count = audit_limit_labels(metrics, limit, labels);
		audit_add(metrics, row->name, labels, count, number);
	}
}

/* Limits that do not apply have no series: there would be five for each of them. */
static void audit_add_status(const struct audit_metrics *metrics, const cJSON *limit)
{
	static const enum status known[] = {
			STATUS_PASS,
			STATUS_WARN,
			STATUS_FAIL,
			STATUS_UNKNOWN,
	};
	struct metrics_label labels[3];
	enum status status = document_status(limit);
	size_t count = audit_limit_labels(metrics, limit, labels);
	if (status == STATUS_NOT_APPLICABLE)
		return;
	for (size_t i = 0; i < COUNT_OF(known); i++) {
		labels[count].name = "status";
		labels[count].value = status_name(known[i]);
		bool is = status == known[i];
		audit_add(metrics, "headroom_audit_limit_status", labels, count + 1, is);
	}
}

static void audit_add_statuses(const struct audit_metrics *metrics)
{
	const cJSON *limit;
	const cJSON *limits = view_array(metrics->document, "resources");
	if (!limits || !limits->child)
		return;
	metrics_head(metrics->out,
			"headroom_audit_limit_status",
			"How a limit was judged: 1 for the status it has.",
			"gauge");
	cJSON_ArrayForEach(limit, limits)
		audit_add_status(metrics, limit);
}

void write_audit_prometheus(const cJSON *document,
		const struct write_options *options,
		struct text *out)
{
	struct audit_metrics metrics = {
			.document = document,
			.arena = options->arena,
			.out = out,
	};
	metrics.plan = audit_text(&metrics, "workload.name");
	audit_add_info(&metrics);
	audit_add_verdict(&metrics);
	audit_add_times(&metrics);
	audit_add_numbers(&metrics);
	for (size_t i = 0; i < COUNT_OF(limit_numbers); i++)
		audit_add_limit_number(&metrics, &limit_numbers[i]);
	audit_add_statuses(&metrics);
}
