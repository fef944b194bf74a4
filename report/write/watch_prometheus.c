/* One look at a host as metrics: https://prometheus.io/docs/instrumenting/exposition_formats/ (text
 * format 0.0.4). What is not known is left out. */
#include <math.h>
#include <string.h>

#include "base/array.h"
#include "report/document/view.h"
#include "report/write/metrics.h"
#include "report/write/write.h"

struct limit_metric {
	const char *name, *member, *help;
};

static const struct limit_metric limit_metrics[] = {
		{"headroom_limit_used", "used", "What is used of a limit now."},
		{"headroom_limit_capacity", "capacity", "How much of it there is."},
		{"headroom_limit_utilization_ratio",
				"utilization",
				"Used of capacity; what can be taken back does not count."},
		{"headroom_limit_target_seconds",
				"to_target_s",
				"Time until the target is passed at the present rate."},
		{"headroom_limit_full_seconds", "to_limit_s", "Time until it is full at the present rate."},
		{"headroom_limit_age_seconds", "age_s", "Time since it was counted."},
};

/* Each destination, listener or user of a limit. Processes come and go: each would leave a series
 * behind. */
static const struct limit_metric instance_metrics[] = {
		{"headroom_instance_used", "used", "What a destination, listener or user has in use."},
		{"headroom_instance_capacity", "capacity", "How much of it there is for that one."},
};

static void watch_prometheus_limits(const cJSON *document,
		const struct limit_metric *metric,
		struct arena *arena,
		struct text *out)
{
	bool any = false;
	const cJSON *row;
	cJSON_ArrayForEach(row, view_array(document, "limits")) {
		double number = view_number(row, metric->member);
		if (isnan(number))
			continue;
		if (!any)
			metrics_head(out, metric->name, metric->help, "gauge");
		any = true;
		const struct metrics_label id = {"limit", view_text(arena, row, "id", 60)};
		metrics_add(out, metric->name, &id, 1, number);
	}
}

static void watch_prometheus_instances_of(const cJSON *row,
		const struct limit_metric *metric,
		struct arena *arena,
		struct text *out)
{
	const cJSON *instance;
	cJSON_ArrayForEach(instance, view_array(row, "instances")) {
		double number = view_number(instance, metric->member);
		if (isnan(number))
			continue;
		const struct metrics_label labels[] = {
				{"limit", view_text(arena, row, "id", 60)},
				{"instance", view_text(arena, instance, "by", 120)},
		};
		metrics_add(out, metric->name, labels, COUNT_OF(labels), number);
	}
}

static void watch_prometheus_instances(const cJSON *document,
		const struct limit_metric *metric,
		struct arena *arena,
		struct text *out)
{
	__attribute__((cleanup(text_release))) struct text rows = {0};
	const cJSON *row;
	cJSON_ArrayForEach(row, view_array(document, "limits")) {
		if (strcmp(view_raw(row, "scope"), "process") != 0)
			watch_prometheus_instances_of(row, metric, arena, &rows);
	}
	if (!rows.length)
		return;
	metrics_head(out, metric->name, metric->help, "gauge");
	text_add(out, rows.data);
}

/* Member names are the program's own; those of a foreign document may be anything. */
static bool watch_prometheus_is_name(const char *name)
{
	size_t length = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_");
	return *name && !name[length];
}

static const char *help_of(const cJSON *document, const char *name, struct arena *arena)
{
	const cJSON *title = cJSON_GetObjectItemCaseSensitive(view_object(document, "titles"), name);
	return cJSON_IsString(title)
			? text_clean(arena, title->valuestring, strlen(title->valuestring), 200)
			: name;
}

static void watch_prometheus_add_values(const cJSON *document,
		const char *member,
		bool counters,
		struct arena *arena,
		struct text *out)
{
	const cJSON *value;
	cJSON_ArrayForEach(value, view_object(document, member)) {
		if (!value->string || !watch_prometheus_is_name(value->string) || !cJSON_IsNumber(value))
			continue;
		bool seconds = !strcmp(value->string, "cpu_s") || !strcmp(value->string, "thread_cpu_s");
		int length = (int)strlen(value->string) - (seconds ? 2 : 0);
		const char *name = arena_printf(arena,
				"headroom_%.*s%s%s",
				length,
				value->string,
				seconds ? "_seconds" : "",
				counters ? "_total" : "");
		metrics_head(out,
				name,
				help_of(document, value->string, arena),
				counters ? "counter" : "gauge");
		metrics_add(out, name, NULL, 0, value->valuedouble);
	}
}

static void watch_prometheus_add_labelled(const char *name,
		const char *label,
		const char *value,
		double number,
		struct text *out)
{
	const struct metrics_label one = {label, value};
	metrics_add(out, name, &one, 1, number);
}

static void watch_prometheus_destinations(const cJSON *document,
		const char *name,
		const char *member,
		const char *help,
		struct arena *arena,
		struct text *out)
{
	const cJSON *row;
	if (view_count(document, "destinations"))
		metrics_head(out, name, help, "gauge");
	cJSON_ArrayForEach(row, view_array(document, "destinations"))
		if (!isnan(view_number(row, member)))
			watch_prometheus_add_labelled(name,
					"destination",
					view_text(arena, row, "to", 80),
					view_number(row, member),
					out);
}

void write_watch_prometheus(const cJSON *document,
		const struct write_options *options,
		struct text *out)
{
	const cJSON *state;
	double target = view_number(document, "target_utilization");
	for (size_t i = 0; i < COUNT_OF(limit_metrics); i++)
		watch_prometheus_limits(document, &limit_metrics[i], options->arena, out);
	for (size_t i = 0; i < COUNT_OF(instance_metrics); i++)
		watch_prometheus_instances(document, &instance_metrics[i], options->arena, out);
	if (!isnan(target)) {
		metrics_head(out,
				"headroom_target_ratio",
				"The part of a limit that a load test may use.",
				"gauge");
		metrics_add(out, "headroom_target_ratio", NULL, 0, target);
	}
	if (view_object(document, "states"))
		metrics_head(out, "headroom_tcp_sockets", "TCP sockets by state.", "gauge");
	cJSON_ArrayForEach(state, view_object(document, "states"))
		if (cJSON_IsNumber(state) && state->string && watch_prometheus_is_name(state->string))
			watch_prometheus_add_labelled("headroom_tcp_sockets",
					"state",
					state->string,
					state->valuedouble,
					out);
	watch_prometheus_destinations(document,
			"headroom_destination_connections",
			"live",
			"Connections to a destination, not in TIME_WAIT.",
			options->arena,
			out);
	watch_prometheus_destinations(document,
			"headroom_destination_time_wait",
			"time_wait",
			"TIME_WAIT to a destination.",
			options->arena,
			out);
	watch_prometheus_add_values(document, "values", false, options->arena, out);
	watch_prometheus_add_values(document, "counters", true, options->arena, out);
}
