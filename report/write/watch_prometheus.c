/* One look at a host as metrics: https://prometheus.io/docs/instrumenting/exposition_formats/ (text
 * format 0.0.4). What is not known is left out. */
#include <math.h>
#include <string.h>

#include "base/array.h"
#include "report/document/view.h"
#include "report/write/write.h"

/* Backslash, newline, and in labels the double quote. */
static void watch_prometheus_add_escaped(struct text *out, const char *text, bool label)
{
	for (const char *at = text; *at; at++) {
		if (*at == '\n')
			text_add(out, "\\n");
		else if (*at == '\\' || (label && *at == '"'))
			text_addf(out, "\\%c", *at);
		else
			text_add_bytes(out, at, 1);
	}
}

static void watch_prometheus_add_head(struct text *out,
		const char *name,
		const char *help,
		const char *type)
{
	text_addf(out, "# HELP %s ", name);
	watch_prometheus_add_escaped(out, help, false);
	text_addf(out, "\n# TYPE %s %s\n", name, type);
}

static void watch_prometheus_add_number(struct text *out, double number)
{
	char plain[NUMBER_TEXT_MAX];
	text_add(out, isinf(number) ? " +Inf" : " ");
	text_addf(out, "%s\n", isinf(number) ? "" : text_plain_number(plain, number));
}

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

static void add_limits(const cJSON *document,
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
			watch_prometheus_add_head(out, metric->name, metric->help, "gauge");
		any = true;
		text_addf(out, "%s{limit=\"", metric->name);
		watch_prometheus_add_escaped(out, view_text(arena, row, "id", 60), true);
		text_add(out, "\"}");
		watch_prometheus_add_number(out, number);
	}
}

static void add_instances_of(const cJSON *row,
		const struct limit_metric *metric,
		struct arena *arena,
		struct text *out)
{
	const cJSON *instance;
	cJSON_ArrayForEach(instance, view_array(row, "instances")) {
		double number = view_number(instance, metric->member);
		if (isnan(number))
			continue;
		text_addf(out, "%s{limit=\"", metric->name);
		watch_prometheus_add_escaped(out, view_text(arena, row, "id", 60), true);
		text_add(out, "\",instance=\"");
		watch_prometheus_add_escaped(out, view_text(arena, instance, "by", 120), true);
		text_add(out, "\"}");
		watch_prometheus_add_number(out, number);
	}
}

static void add_instances(const cJSON *document,
		const struct limit_metric *metric,
		struct arena *arena,
		struct text *out)
{
	__attribute__((cleanup(text_release))) struct text rows = {0};
	const cJSON *row;
	cJSON_ArrayForEach(row, view_array(document, "limits")) {
		if (strcmp(view_raw(row, "scope"), "process") != 0)
			add_instances_of(row, metric, arena, &rows);
	}
	if (!rows.length)
		return;
	watch_prometheus_add_head(out, metric->name, metric->help, "gauge");
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
		watch_prometheus_add_head(out,
				name,
				help_of(document, value->string, arena),
				counters ? "counter" : "gauge");
		text_add(out, name);
		watch_prometheus_add_number(out, value->valuedouble);
	}
}

static void watch_prometheus_add_labelled(const char *name,
		const char *label,
		const char *value,
		double number,
		struct text *out)
{
	text_addf(out, "%s{%s=\"", name, label);
	watch_prometheus_add_escaped(out, value, true);
	text_add(out, "\"}");
	watch_prometheus_add_number(out, number);
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
		watch_prometheus_add_head(out, name, help, "gauge");
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
		add_limits(document, &limit_metrics[i], options->arena, out);
	for (size_t i = 0; i < COUNT_OF(instance_metrics); i++)
		add_instances(document, &instance_metrics[i], options->arena, out);
	if (!isnan(target)) {
		watch_prometheus_add_head(out,
				"headroom_target_ratio",
				"The part of a limit that a load test may use.",
				"gauge");
		text_add(out, "headroom_target_ratio");
		watch_prometheus_add_number(out, target);
	}
	if (view_object(document, "states"))
		watch_prometheus_add_head(out, "headroom_tcp_sockets", "TCP sockets by state.", "gauge");
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
