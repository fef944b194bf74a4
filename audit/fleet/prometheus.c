/* First the names of all targets that had facts in the last day, then their series, some targets at
 * a time: an answer may have 4 MiB. The queries are instant ones, so that a target which is not
 * scraped any more has no series. */
#include "audit/fleet/prometheus.h"

#include <stdlib.h>
#include <string.h>

#include "audit/fleet/prometheus_series.h"
#include "audit/helper/http.h"
#include "base/ascii.h"
#include "base/list.h"
#include "base/os/json.h"
#include "base/sort.h"
#include "base/text.h"
#include "report/document/view.h"

enum {
	TOGETHER_MAX = 16, /* targets of one query */
	TARGETS_MAX = 100000,
	TARGET_CHARS = 200,
	MESSAGE_CHARS = 200,
	ANSWER_SECONDS = 30
};

static const char names_query[] =
		"group by (instance) (last_over_time(headroom_facts_created_timestamp_seconds[1d])) or "
		"group by (instance) (last_over_time(node_uname_info[1d]))";

static const char series_query[] =
		"{__name__=~\"headroom_fact|headroom_fact_info|headroom_fact_missing|headroom_fact_list|"
		"headroom_host_info|headroom_facts_created_timestamp_seconds|node_uname_info|node_os_info|"
		"node_memory_MemTotal_bytes|node_memory_MemAvailable_bytes|node_memory_MemFree_bytes|"
		"node_filefd_allocated|node_filefd_maximum|node_nf_conntrack_entries|"
		"node_nf_conntrack_entries_limit|node_sockstat_TCP_.+|node_sockstat_sockets_used|"
		"node_sysctl_.+|node_netstat_Tcp_.+|node_netstat_TcpExt_.+|node_processes_threads\","
		"instance=~\"%s\"} or label_replace(count by (instance) "
		"(node_cpu_seconds_total{mode=\"idle\",instance=~\"%s\"}), \"__name__\", "
		"\"headroom_exported_cpus\", \"\", \"\")";

struct prometheus {
	struct arena *arena; /* of one query */
	const struct fleet_source *source;
	const struct item_sink *sink;
	struct name_list targets;
};

bool prometheus_is_address(const char *word)
{
	return text_begins_with(word, "http://") || text_begins_with(word, "https://");
}

bool prometheus_check(const char *address, struct error *err)
{
	const char *host = strstr(address, "://") + 3;
	if (strchr(host, '@'))
		return error_set(err,
				"the address contains a user name; put a proxy that adds the credentials in front "
				"of Prometheus, and give its address");
	if (*host == '\0' || strpbrk(host, "?#'\" "))
		return error_set(err,
				"%.200s: expected the address of a Prometheus server, such as "
				"http://prometheus:9090",
				address);
	return true;
}

static void prometheus_problem(const struct prometheus *prometheus, const char *why)
{
	const struct item_sink *sink = prometheus->sink;
	sink->problem(sink->context, prometheus->source->shown, why, true);
}

/* What the API says of a query that it refuses. */
static const char *prometheus_refusal(struct arena *arena, const struct http_answer *answer)
{
	struct error err;
	const char *message = "";
	struct json *json = json_read("answer", answer->body, strlen(answer->body), &err);
	if (json)
		message = view_text(arena, json_root(json), "error", MESSAGE_CHARS);
	json_free(json);
	if (!*message)
		return arena_printf(arena, "HTTP status %d", answer->status);
	return arena_printf(arena, "HTTP status %d: %s", answer->status, message);
}

static const char *query_address(const struct prometheus *prometheus, const char *query)
{
	const char *address = prometheus->source->path;
	size_t length = strlen(address);
	while (length > 0 && address[length - 1] == '/')
		length--;
	return arena_printf(prometheus->arena,
			"%.*s/api/v1/query?query=%s",
			(int)length,
			address,
			http_escape(prometheus->arena, query));
}

/* Why there is no answer; NULL: there is one. */
static const char *prometheus_ask(const struct prometheus *prometheus,
		const char *query,
		struct http_answer *answer)
{
	struct error err;
	const struct http_request request = {
			.method = "GET",
			.url = query_address(prometheus, query),
			.headers = {"Accept: application/json"},
			.header_count = 1,
			.plain = true,
			.seconds_max = ANSWER_SECONDS,
			.shown = prometheus->source->shown,
	};
	if (!http_send(prometheus->arena, &request, answer, &err))
		return arena_strdup(prometheus->arena, err.text);
	if (answer->status == 0)
		return answer->error;
	if (answer->status != 200)
		return prometheus_refusal(prometheus->arena, answer);
	if (answer->truncated)
		return "the answer is longer than 4 MiB";
	return NULL;
}

/* The answer of a query, for json_free; NULL: the problem has been told. */
static struct json *prometheus_query(const struct prometheus *prometheus, const char *query)
{
	static const char foreign[] = "the server there is not Prometheus";
	struct http_answer answer;
	struct error err;
	const char *why = prometheus_ask(prometheus, query, &answer);
	if (why) {
		prometheus_problem(prometheus, why);
		return NULL;
	}
	struct json *json = json_read("answer", answer.body, strlen(answer.body), &err);
	if (!json) {
		prometheus_problem(prometheus, foreign);
		return NULL;
	}
	const cJSON *root = json_root(json);
	bool good = strcmp(view_raw(root, "status"), "success") == 0;
	if (good && view_array(root, "data.result"))
		return json;
	prometheus_problem(prometheus, foreign);
	json_free(json);
	return NULL;
}

/* --- names --- */

static void prometheus_take_names(struct prometheus *prometheus,
		struct arena *arena,
		const cJSON *root)
{
	const cJSON *sample;
	cJSON_ArrayForEach(sample, view_array(root, "data.result")) {
		const char *name = view_raw(view_object(sample, "metric"), "instance");
		if (*name == '\0' || strlen(name) > TARGET_CHARS)
			continue;
		if (prometheus->targets.count < TARGETS_MAX)
			name_list_append(arena, &prometheus->targets, arena_strdup(arena, name));
	}
}

static bool prometheus_names(struct prometheus *prometheus, struct arena *arena)
{
	struct json *json = prometheus_query(prometheus, names_query);
	if (!json)
		return false;
	prometheus_take_names(prometheus, arena, json_root(json));
	json_free(json);
	if (prometheus->targets.count == 0)
		prometheus_problem(prometheus,
				"it has no facts of the last day, neither from headroom nor from node_exporter");
	else
		sort_names(prometheus->targets.items, prometheus->targets.count);
	return prometheus->targets.count > 0;
}

/* Is this target on the host too? `host` are the bytes of "HOST:". */
static bool target_is_on_host(const struct prometheus *prometheus,
		size_t at,
		const char *host,
		size_t length)
{
	if (at >= prometheus->targets.count)
		return false;
	return strncmp(prometheus->targets.items[at], host, length) == 0;
}

/* The name without ":PORT", if no other target has it: they are sorted. */
static const char *name_of_target(const struct prometheus *prometheus, size_t at)
{
	const char *target = prometheus->targets.items[at];
	const char *colon = strrchr(target, ':');
	if (!colon)
		return target;
	size_t length = (size_t)(colon - target);
	if (target_is_on_host(prometheus, at + 1, target, length + 1))
		return target;
	if (at > 0 && target_is_on_host(prometheus, at - 1, target, length + 1))
		return target;
	return arena_copy(prometheus->arena, target, length);
}

/* --- series --- */

/* Characters that mean something to a regular expression (RE2), inside a PromQL string. */
static void add_quoted_target(struct text *out, const char *target)
{
	for (; *target; target++) {
		bool plain = ascii_is_letter(*target) || ascii_is_digit(*target);
		if (plain || strchr("_-:", *target) || (unsigned char)*target >= 0x80)
			text_add_bytes(out, target, 1);
		else if (*target == '"')
			text_add(out, "\\\"");
		else
			text_addf(out, "\\\\%c", *target);
	}
}

static const char *series_query_of(const struct prometheus *prometheus, size_t first, size_t count)
{
	struct text list = {0};
	for (size_t i = 0; i < count; i++) {
		if (i > 0)
			text_add(&list, "|");
		add_quoted_target(&list, prometheus->targets.items[first + i]);
	}
	const char *targets = text_take(prometheus->arena, &list);
	return arena_printf(prometheus->arena, series_query, targets, targets);
}

static void prometheus_give(const struct prometheus *prometheus,
		struct series_hosts *hosts,
		struct series_host *host,
		size_t at)
{
	struct fleet_item item = {
			.kind = ITEM_DOCUMENT,
			.source = prometheus->source,
			.name = name_of_target(prometheus, at),
	};
	char *document = series_document(hosts, host);
	const char *why = host->broken;
	if (!why && !document)
		why = "Prometheus had facts about it in the last day, but has none now; it is no longer "
			  "scraped";
	if (why)
		item.kind = ITEM_BROKEN;
	item.bytes = why ? why : document;
	item.length = strlen(item.bytes);
	item.where = arena_printf(prometheus->arena,
			"%.200s: %s",
			prometheus->source->shown,
			host->instance);
	prometheus->sink->item(prometheus->sink->context, &item);
	cJSON_free(document);
}

static bool prometheus_series(struct prometheus *prometheus, size_t first, size_t count)
{
	const cJSON *sample;
	struct series_host items[TOGETHER_MAX];
	struct series_hosts hosts = {
			.arena = prometheus->arena,
			.where = prometheus->source->shown,
			.items = items,
			.count = count,
	};
	struct json *json = prometheus_query(prometheus, series_query_of(prometheus, first, count));
	if (!json)
		return false;
	for (size_t i = 0; i < count; i++)
		series_begin(&hosts, &items[i], prometheus->targets.items[first + i]);
	cJSON_ArrayForEach(sample, view_array(json_root(json), "data.result"))
		series_take(&hosts, sample);
	for (size_t i = 0; i < count; i++)
		prometheus_give(prometheus, &hosts, &items[i], first + i);
	json_free(json);
	return true;
}

static bool prometheus_some(struct prometheus *prometheus, size_t first)
{
	size_t count = prometheus->targets.count - first;
	if (count > TOGETHER_MAX)
		count = TOGETHER_MAX;
	prometheus->arena = arena_new();
	bool read = prometheus_series(prometheus, first, count);
	arena_free(prometheus->arena);
	return read;
}

void prometheus_read(struct arena *arena,
		const struct fleet_source *source,
		const struct item_sink *sink)
{
	struct prometheus prometheus = {.arena = arena, .source = source, .sink = sink};
	bool more = prometheus_names(&prometheus, arena);
	for (size_t i = 0; more && i < prometheus.targets.count; i += TOGETHER_MAX)
		more = !sink_is_stopped(sink) && prometheus_some(&prometheus, i);
}
