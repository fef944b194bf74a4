#include "audit/fleet/prometheus_series.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "audit/cli/version.h"
#include "base/array.h"
#include "base/ascii.h"
#include "base/os/clock.h"
#include "base/text.h"
#include "probes/host/facts/json.h"
#include "probes/host/facts/keys.h"
#include "probes/host/facts/sysctl.h"
#include "probes/host/parse.h"
#include "report/document/view.h"

enum {
	NAME_CHARS = 200,
	TEXT_CHARS = 4000
};

static const char setting_start[] = "node_sysctl_";

/* One sample of one host. */
struct sample {
	struct series_hosts *hosts;
	struct series_host *host;
	const cJSON *labels;
	const char *name; /* of the metric */
	double number;
};

static const char *sample_label(const struct sample *sample, const char *name)
{
	const char *text = view_text(sample->hosts->arena, sample->labels, name, TEXT_CHARS);
	if (*text)
		return text;
	return NULL;
}

/* As a fact's number: exact, or no limit. NAN: neither. */
static double sample_fact_number(const struct known_key *known, double number)
{
	static const double exact_max = 9007199254740992.0;    /* 2^53 */
	static const double huge_from = 4611686018427387904.0; /* 2^62: LONG_MAX means no limit */
	bool exact = number >= 0 && number <= exact_max;
	if (exact || (isinf(number) && number > 0))
		return number;
	if (known->read == READ_HUGE && number >= huge_from)
		return INFINITY;
	return (double)NAN;
}

static void series_keep(const struct sample *sample,
		struct series_set *set,
		const struct fact *fact)
{
	set->taken = arena_grow(sample->hosts->arena,
			set->taken,
			set->count,
			&set->capacity,
			sizeof *set->taken);
	set->taken[set->count++] = fact;
}

/* --- what headroom wrote --- */

/* NULL: this headroom does not know the key. */
static const struct known_key *sample_key(const struct sample *sample)
{
	const char *key = sample_label(sample, "key");
	if (!key)
		return NULL;
	const struct known_key *known = keys_find(key);
	bool has_instance = sample_label(sample, "of") != NULL;
	if (!known || known->instances != has_instance)
		return NULL;
	return known;
}

static enum fact_origin sample_origin(const struct sample *sample)
{
	enum fact_origin origin = ORIGIN_READ;
	const char *name = sample_label(sample, "origin");
	if (name)
		(void)fact_origin_from_name(name, &origin);
	return origin;
}

static void series_take_number(const struct sample *sample)
{
	const struct known_key *known = sample_key(sample);
	if (!known || known->unit == UNIT_TEXT)
		return;
	double number = sample_fact_number(known, sample->number);
	if (isnan(number))
		return;
	struct series_set *said = &sample->host->said;
	struct fact *fact = facts_put_number(said->facts,
			sample_label(sample, "key"),
			sample_label(sample, "of"),
			number,
			known->unit,
			sample->hosts->where);
	fact->origin = sample_origin(sample);
	series_keep(sample, said, fact);
}

static void series_take_text(const struct sample *sample)
{
	const struct known_key *known = sample_key(sample);
	if (!known || known->unit != UNIT_TEXT)
		return;
	struct series_set *said = &sample->host->said;
	const char *text = view_raw(sample->labels, "text"); /* an empty label is no label */
	struct fact *fact = facts_put_text(said->facts,
			sample_label(sample, "key"),
			sample_label(sample, "of"),
			text_clean(sample->hosts->arena, text, strlen(text), TEXT_CHARS),
			sample->hosts->where);
	fact->origin = sample_origin(sample);
	series_keep(sample, said, fact);
}

static void series_take_missing(const struct sample *sample)
{
	enum fact_status status;
	const struct known_key *known = sample_key(sample);
	const char *name = sample_label(sample, "status");
	if (!known || !name || !fact_status_from_name(name, &status) || status == FACT_KNOWN)
		return;
	struct series_set *said = &sample->host->said;
	const struct fact *fact = facts_put_missing(said->facts,
			sample_label(sample, "key"),
			sample_label(sample, "of"),
			status,
			known->unit,
			sample->hosts->where,
			NULL);
	series_keep(sample, said, fact);
}

/* The list is whole if it is as long as it was written. */
static void series_take_list(const struct sample *sample)
{
	enum list_state state;
	struct series_host *host = sample->host;
	const char *key = sample_label(sample, "key");
	const char *name = sample_label(sample, "state");
	if (!key || !name || !list_state_from_name(name, &state))
		return;
	const struct known_key *known = keys_find(key);
	if (!known || !known->instances)
		return;
	host->lists = arena_grow(sample->hosts->arena,
			host->lists,
			host->list_count,
			&host->list_capacity,
			sizeof *host->lists);
	host->lists[host->list_count++] = (struct series_list){known->key, sample->number};
	facts_put_list(host->said.facts, known->key, state, NULL);
}

static void series_take_host(const struct sample *sample)
{
	struct host_info *info = &sample->host->info;
	info->name = sample_label(sample, "name");
	info->fingerprint = sample_label(sample, "fingerprint");
	info->boot_id = sample_label(sample, "boot_id");
	info->os = sample_label(sample, "os");
	info->kernel = sample_label(sample, "kernel");
	info->virtualization = sample_label(sample, "virtualization");
	info->container = sample_label(sample, "container");
	info->user = sample_label(sample, "user");
	info->vantage = sample_label(sample, "vantage");
}

static void series_take_time(const struct sample *sample)
{
	sample->host->created_s = sample->number;
}

/* --- what node_exporter says --- */

static void exported_number(const struct sample *sample, const char *key, double number)
{
	const struct known_key *known = keys_find(key);
	if (!known || known->unit == UNIT_TEXT)
		return;
	const char *where = sample->hosts->where;
	struct series_set *set = &sample->host->exported;
	number = sample_fact_number(known, number);
	if (isnan(number))
		return;
	const struct fact *fact = facts_put_number(set->facts, key, NULL, number, known->unit, where);
	series_keep(sample, set, fact);
}

static void exported_text(const struct sample *sample, const char *key, const char *text)
{
	struct series_set *set = &sample->host->exported;
	if (text)
		series_keep(sample, set, facts_put_text(set->facts, key, NULL, text, sample->hosts->where));
}

static void series_take_uname(const struct sample *sample)
{
	double version;
	struct host_info *info = &sample->host->info;
	const char *release = sample_label(sample, "release");
	const char *system = sample_label(sample, "sysname");
	exported_text(sample, "kernel.release", release);
	if (system && strcmp(system, "Linux") == 0)
		exported_text(sample, "os.name", "linux");
	if (release && parse_kernel_version(release, &version))
		exported_number(sample, "kernel.version", version);
	exported_text(sample, "host.name", sample_label(sample, "nodename"));
	if (!info->name)
		info->name = sample_label(sample, "nodename");
}

static void series_take_system(const struct sample *sample)
{
	exported_text(sample, "os.pretty", sample_label(sample, "pretty_name"));
}

/* "net.ipv4.tcp_mem.max" or "boot/x" as node_exporter writes it: net_ipv4_tcp_mem_max. */
static const char *exported_name(struct arena *arena, const char *name)
{
	char *copy = arena_strdup(arena, name);
	for (char *at = copy; *at; at++) {
		bool plain = ascii_is_letter(*at) || ascii_is_digit(*at);
		if (!plain)
			*at = '_';
	}
	return copy;
}

/* "32768 60999": its ends are two series, in any order. */
static void series_take_range_end(const struct sample *sample,
		const struct known_key *known,
		bool last)
{
	struct series_host *host = sample->host;
	if (last)
		host->range_last = sample->number;
	else
		host->range_first = sample->number;
	if (isnan(host->range_first) || isnan(host->range_last))
		return;
	const char *text =
			arena_printf(sample->hosts->arena, "%.0f %.0f", host->range_first, host->range_last);
	unsigned first_port, last_port;
	if (sysctl_parse_range(text, &first_port, &last_port))
		exported_text(sample, known->key, text);
}

/* "…_min" and "…_max" where the ends were given names, else the places of the file. */
static void series_take_range(const struct sample *sample,
		const struct known_key *known,
		const char *rest)
{
	const char *index = sample_label(sample, "index");
	const char *end = rest;
	if (*rest == '\0' && index)
		end = index;
	if (strcmp(end, "_min") == 0 || strcmp(end, "0") == 0)
		series_take_range_end(sample, known, false);
	else if (strcmp(end, "_max") == 0 || strcmp(end, "1") == 0)
		series_take_range_end(sample, known, true);
}

/* One of the numbers of a file, by its name (net_ipv4_tcp_mem_max) or by its place. */
static bool sample_is_field(const struct sample *sample,
		const struct known_key *known,
		const char *rest)
{
	uint64_t number;
	const char *index = sample_label(sample, "index");
	const char *name = sample->name + strlen(setting_start);
	if (*rest != '\0')
		return strcmp(name, exported_name(sample->hosts->arena, known->key)) == 0;
	return index && parse_whole(index, &number) && number == (uint64_t)known->field;
}

static void series_take_setting(const struct sample *sample,
		const struct known_key *known,
		const char *rest)
{
	static const double second_ms = 1000;
	bool alone = *rest == '\0' && !sample_label(sample, "index");
	double number = sample->number;
	switch (known->read) {
	case READ_MILLISECONDS:
		number /= second_ms;
		__attribute__((fallthrough));
	case READ_NUMBER:
	case READ_HUGE:
		if (alone)
			exported_number(sample, known->key, number);
		break;
	case READ_FIELD:
		if (sample_is_field(sample, known, rest))
			exported_number(sample, known->key, number);
		break;
	case READ_RANGE:
		series_take_range(sample, known, rest);
		break;
	case READ_PORTS:
	case READ_BY_PROBE:
		break;
	}
}

static void series_take_sysctl(const struct sample *sample)
{
	const char *name = sample->name + strlen(setting_start);
	struct arena *arena = sample->hosts->arena;
	for (size_t i = 0; i < keys_count(); i++) {
		const struct known_key *known = keys_at(i);
		if (known->read == READ_BY_PROBE)
			continue;
		const char *file = exported_name(arena, keys_sysctl(arena, known));
		size_t length = strlen(file);
		if (strncmp(name, file, length) == 0)
			series_take_setting(sample, known, name + length);
	}
}

/* --collector.sysctl.include-info: texts, as the list of reserved ports. */
static void series_take_sysctl_text(const struct sample *sample)
{
	struct reading value;
	const char *problem;
	struct arena *arena = sample->hosts->arena;
	const char *name = sample_label(sample, "name");
	if (!name || sample_label(sample, "index"))
		return;
	const struct known_key *known = keys_find(name);
	if (!known || known->read != READ_PORTS)
		return;
	const char *raw = view_raw(sample->labels, "value");
	if (sysctl_parse(arena, known, raw, &value, &problem))
		exported_text(sample, known->key, value.text);
}

struct exported_row {
	const char *metric, *key;
};

static const struct exported_row exported_rows[] = {
		{"node_filefd_allocated", "fs.file-nr.allocated"},
		{"node_filefd_maximum", "fs.file-max"},
		{"node_memory_MemAvailable_bytes", "memory.available"},
		{"node_memory_MemFree_bytes", "memory.free"},
		{"node_memory_MemTotal_bytes", "memory.total"},
		{"node_nf_conntrack_entries", "net.netfilter.nf_conntrack_count"},
		{"node_nf_conntrack_entries_limit", "net.netfilter.nf_conntrack_max"},
		{"node_processes_threads", "threads.running"},
		{"node_sockstat_TCP_alloc", "sockstat.alloc"},
		{"node_sockstat_TCP_mem", "sockstat.mem_pages"},
		{"node_sockstat_TCP_orphan", "sockstat.orphan"},
		{"node_sockstat_TCP_tw", "sockstat.tw"},
		{"node_sockstat_sockets_used", "sockstat.used"},
		{"headroom_exported_cpus", "host.cpus"},
};

static void series_take_exported(const struct sample *sample)
{
	for (size_t i = 0; i < COUNT_OF(exported_rows); i++) {
		const struct exported_row *row = &exported_rows[i];
		if (strcmp(sample->name, row->metric) == 0)
			exported_number(sample, row->key, sample->number);
	}
}

static void series_take_tcp_ext(const struct sample *sample)
{
	const char *counter = strrchr(sample->name, '_') + 1;
	const char *key = arena_printf(sample->hosts->arena, "netstat.TcpExt.%s", counter);
	exported_number(sample, key, sample->number);
}

static void series_take_tcp(const struct sample *sample)
{
	const char *counter = strrchr(sample->name, '_') + 1;
	const char *key = arena_printf(sample->hosts->arena, "snmp.Tcp.%s", counter);
	exported_number(sample, key, sample->number);
}

/* --- one after the other --- */

/* The first whose name the metric has, or begins with. */
struct metric_row {
	const char *name;
	bool begins;
	void (*take)(const struct sample *sample);
};

static const struct metric_row metric_rows[] = {
		{"headroom_fact", false, series_take_number},
		{"headroom_fact_info", false, series_take_text},
		{"headroom_fact_missing", false, series_take_missing},
		{"headroom_fact_list", false, series_take_list},
		{"headroom_host_info", false, series_take_host},
		{"headroom_facts_created_timestamp_seconds", false, series_take_time},
		{"node_uname_info", false, series_take_uname},
		{"node_os_info", false, series_take_system},
		{"node_sysctl_info", false, series_take_sysctl_text},
		{setting_start, true, series_take_sysctl},
		{"node_netstat_TcpExt_", true, series_take_tcp_ext},
		{"node_netstat_Tcp_", true, series_take_tcp},
		{"", true, series_take_exported},
};

static bool series_is_of_row(const struct metric_row *row, const char *name)
{
	if (row->begins)
		return text_begins_with(name, row->name);
	return strcmp(name, row->name) == 0;
}

void series_begin(struct series_hosts *hosts, struct series_host *host, const char *instance)
{
	*host = (struct series_host){
			.instance = arena_strdup(hosts->arena, instance),
			.said = {.facts = facts_new(hosts->arena)},
			.exported = {.facts = facts_new(hosts->arena)},
			.range_first = (double)NAN,
			.range_last = (double)NAN,
			.created_s = (double)NAN,
			.asked_s = (double)NAN,
	};
}

static struct series_host *series_find(struct series_hosts *hosts, const char *instance)
{
	for (size_t i = 0; i < hosts->count; i++) {
		if (strcmp(hosts->items[i].instance, instance) == 0)
			return &hosts->items[i];
	}
	return NULL;
}

/* "value": [1796074361.123, "4096"]. NAN: there is none. */
static double sample_number(const cJSON *sample, double *ret_asked_s)
{
	char *end;
	const cJSON *value = view_array(sample, "value");
	const cJSON *asked = cJSON_GetArrayItem(value, 0);
	const cJSON *number = cJSON_GetArrayItem(value, 1);
	*ret_asked_s = cJSON_IsNumber(asked) ? asked->valuedouble : (double)NAN;
	if (!cJSON_IsString(number))
		return (double)NAN;
	double read = strtod(number->valuestring, &end); /* also "+Inf" */
	if (end == number->valuestring || *end != '\0')
		return (double)NAN;
	return read;
}

void series_take(struct series_hosts *hosts, const cJSON *given)
{
	double asked_s;
	struct sample sample = {.hosts = hosts, .labels = view_object(given, "metric")};
	sample.host = series_find(hosts, view_raw(sample.labels, "instance"));
	sample.name = view_text(hosts->arena, sample.labels, "__name__", NAME_CHARS);
	sample.number = sample_number(given, &asked_s);
	if (!sample.host || isnan(sample.number))
		return;
	sample.host->asked_s = asked_s;
	for (size_t i = 0; i < COUNT_OF(metric_rows); i++) {
		if (!series_is_of_row(&metric_rows[i], sample.name))
			continue;
		metric_rows[i].take(&sample);
		return;
	}
}

static int series_compare(const void *a, const void *b)
{
	const struct fact *const *left = a, *const *right = b;
	int by_key = strcmp((*left)->key, (*right)->key);
	if (by_key != 0)
		return by_key;
	return strcmp((*left)->instance, (*right)->instance);
}

static bool series_differ(const struct fact *a, const struct fact *b)
{
	if (a->status != b->status || a->unit != b->unit)
		return true;
	if (a->status != FACT_KNOWN)
		return false;
	if (a->unit == UNIT_TEXT)
		return strcmp(a->text, b->text) != 0;
	return a->number < b->number || a->number > b->number;
}

/* What two series tell in two ways is not known. */
static void series_check_twice(const struct series_hosts *hosts,
		struct series_host *host,
		const struct series_set *set)
{
	static const char twice[] = "two series disagree about %s; is the target in two jobs?";
	qsort(set->taken, set->count, sizeof *set->taken, series_compare);
	for (size_t i = 1; i < set->count; i++) {
		const struct fact *before = set->taken[i - 1];
		const struct fact *one = set->taken[i];
		if (series_compare(&before, &one) == 0 && series_differ(before, one))
			host->broken = arena_printf(hosts->arena, twice, one->key);
	}
}

static void series_check_lists(const struct series_host *host)
{
	size_t first;
	for (size_t i = 0; i < host->list_count; i++) {
		const struct series_list *list = &host->lists[i];
		double there = (double)facts_instances(host->said.facts, list->key, &first);
		if (there < list->count)
			facts_put_list(host->said.facts, list->key, LIST_SKIPPED, NULL);
	}
}

static const char *series_time(struct arena *arena, double moment_s)
{
	char text[CLOCK_TEXT_MAX];
	bool sensible = moment_s >= 0 && moment_s < 1e11;
	if (!sensible)
		return NULL;
	return arena_strdup(arena, clock_utc((time_t)moment_s, text));
}

char *series_document(struct series_hosts *hosts, struct series_host *host)
{
	const struct series_set *set = &host->said;
	host->info.created = series_time(hosts->arena, host->created_s);
	if (set->count == 0) {
		set = &host->exported;
		host->info.created = series_time(hosts->arena, host->asked_s);
		host->info.vantage = "as node_exporter sees it";
	}
	if (set->count == 0)
		return NULL;
	series_check_twice(hosts, host, set);
	if (host->broken)
		return NULL;
	facts_sort(set->facts);
	series_check_lists(host);
	cJSON *document = facts_to_json(set->facts, &host->info, version_number());
	char *printed = cJSON_PrintUnformatted(document);
	cJSON_Delete(document);
	return printed;
}
