/* The facts of a host (headroom.facts) as metrics, for node_exporter's textfile collector; headroom
 * fleet reads them back from Prometheus. All that it needs is in them: numbers, texts as labels,
 * what the host does not have or does not tell, how long each list is, and when they were read. */
#include <math.h>
#include <string.h>

#include "base/array.h"
#include "base/os/clock.h"
#include "report/document/view.h"
#include "report/write/metrics.h"
#include "report/write/write.h"

enum {
	TEXT_BYTES = 4000, /* lists of ports are long */
	ENTRIES_MAX = 256, /* of one list: each is a series */
	NAME_CHARS = 200
};

struct fact_metric {
	const char *name, *help;
	bool (*takes)(const cJSON *fact);
};

static bool metric_is_known(const cJSON *fact)
{
	return strcmp(view_raw(fact, "status"), "known") == 0;
}

static bool metric_has_text(const cJSON *fact)
{
	return strcmp(view_raw(fact, "unit"), "text") == 0;
}

/* A text that had to be cut would say something else. */
static bool metric_is_too_long(const cJSON *fact)
{
	return metric_has_text(fact) && strlen(view_raw(fact, "value")) > TEXT_BYTES;
}

static bool metric_takes_text(const cJSON *fact)
{
	return metric_is_known(fact) && metric_has_text(fact) && !metric_is_too_long(fact);
}

static bool metric_takes_number(const cJSON *fact)
{
	return metric_is_known(fact) && !metric_has_text(fact);
}

static bool metric_takes_missing(const cJSON *fact)
{
	return !metric_is_known(fact) || metric_is_too_long(fact);
}

static const struct fact_metric fact_metrics[] = {
		{"headroom_fact",
				"A number that headroom reads of this host, in base units.",
				metric_takes_number},
		{"headroom_fact_info", "A text that headroom reads of this host.", metric_takes_text},
		{"headroom_fact_missing", "Why a value is not known.", metric_takes_missing},
};

/* Processes come and go: each would leave a series behind. */
static bool metric_is_of_process(const char *key)
{
	return text_begins_with(key, "files.");
}

static double fact_number(const cJSON *fact)
{
	const cJSON *value = cJSON_GetObjectItemCaseSensitive(fact, "value");
	if (cJSON_IsNumber(value))
		return value->valuedouble;
	if (cJSON_IsBool(value))
		return cJSON_IsTrue(value);
	return INFINITY; /* "unlimited" */
}

/* Only what is not simply read says where it comes from. */
static const char *origin_label(struct arena *arena, const cJSON *fact)
{
	if (strcmp(view_raw(fact, "origin"), "read") == 0)
		return NULL;
	return view_text(arena, fact, "origin", NAME_CHARS);
}

static const char *status_label(struct arena *arena, const cJSON *fact)
{
	if (metric_is_known(fact))
		return "skipped";
	return view_text(arena, fact, "status", NAME_CHARS);
}

static const char *label_text(struct arena *arena, const cJSON *object, const char *member)
{
	const char *text = view_raw(object, member);
	return text_clean(arena, text, strlen(text), TEXT_BYTES);
}

static void facts_add_metric(const struct fact_metric *metric,
		const cJSON *fact,
		struct arena *arena,
		struct text *out)
{
	struct metrics_label labels[] = {
			{"key", view_text(arena, fact, "key", NAME_CHARS)},
			{"of", NULL},
			{"origin", origin_label(arena, fact)},
			{"text", NULL},
			{"status", NULL},
	};
	double number = 1;
	if (*view_raw(fact, "instance"))
		labels[1].value = label_text(arena, fact, "instance");
	if (metric->takes == metric_takes_number)
		number = fact_number(fact);
	else if (metric->takes == metric_takes_text)
		labels[3].value = label_text(arena, fact, "value");
	else
		labels[4].value = status_label(arena, fact);
	metrics_add(out, metric->name, labels, COUNT_OF(labels), number);
}

/* The entries of a list follow each other. */
struct entries {
	const char *key;
	size_t count;
};

static bool metric_goes_in(struct entries *entries, const cJSON *fact)
{
	const char *key = view_raw(fact, "key");
	if (metric_is_of_process(key))
		return false;
	if (strcmp(entries->key, key) != 0)
		*entries = (struct entries){.key = key};
	entries->count++;
	return entries->count <= ENTRIES_MAX;
}

static void facts_add_metrics(const cJSON *document,
		const struct fact_metric *metric,
		struct arena *arena,
		struct text *out)
{
	const cJSON *fact;
	struct entries entries = {.key = ""};
	metrics_head(out, metric->name, metric->help, "gauge");
	cJSON_ArrayForEach(fact, view_array(document, "facts")) {
		if (metric_goes_in(&entries, fact) && metric->takes(fact))
			facts_add_metric(metric, fact, arena, out);
	}
}

/* A list that is longer than what goes out is one of which more is there. */
static void facts_add_lists(const cJSON *document, struct arena *arena, struct text *out)
{
	static const char name[] = "headroom_fact_list";
	const cJSON *list;
	metrics_head(out,
			name,
			"How many entries of a list there are; state says of how many.",
			"gauge");
	cJSON_ArrayForEach(list, view_object(document, "collected")) {
		double count = view_number(list, "count");
		const char *state = view_text(arena, list, "state", NAME_CHARS);
		const char *key = text_clean(arena, list->string, strlen(list->string), NAME_CHARS);
		if (metric_is_of_process(key) || isnan(count))
			continue;
		if (count > ENTRIES_MAX)
			state = "partial";
		const struct metrics_label labels[] = {{"key", key}, {"state", state}};
		metrics_add(out, name, labels, COUNT_OF(labels), fmin(count, ENTRIES_MAX));
	}
}

static void facts_add_host(const cJSON *document, struct arena *arena, struct text *out)
{
	static const char name[] = "headroom_host_info";
	const cJSON *host = view_object(document, "host");
	struct metrics_label names[] = {
			{"name", NULL},
			{"fingerprint", NULL},
			{"boot_id", NULL},
			{"os", NULL},
			{"kernel", NULL},
			{"virtualization", NULL},
			{"container", NULL},
			{"user", NULL},
			{"vantage", NULL},
			{"version", view_text(arena, document, "tool.version", NAME_CHARS)},
	};
	for (size_t i = 0; i + 1 < COUNT_OF(names); i++) {
		if (*view_raw(host, names[i].name))
			names[i].value = label_text(arena, host, names[i].name);
	}
	metrics_head(out, name, "The host, and as whom headroom looked at it.", "gauge");
	metrics_add(out, name, names, COUNT_OF(names), 1);
}

static void facts_add_time(const cJSON *document, struct text *out)
{
	static const char name[] = "headroom_facts_created_timestamp_seconds";
	time_t moment;
	if (!clock_parse(view_raw(document, "created"), &moment))
		return;
	metrics_head(out, name, "When the facts were read.", "gauge");
	metrics_add(out, name, NULL, 0, (double)moment);
}

void write_facts_prometheus(const cJSON *document,
		const struct write_options *options,
		struct text *out)
{
	facts_add_time(document, out);
	facts_add_host(document, options->arena, out);
	facts_add_lists(document, options->arena, out);
	for (size_t i = 0; i < COUNT_OF(fact_metrics); i++)
		facts_add_metrics(document, &fact_metrics[i], options->arena, out);
}
