/* The table of workload fields, and setting a field from a person's text.
 * Does not know JSON (probes/plan) nor defaults (complete.c). */
#include "model/load/workload.h"

#include <math.h>
#include <string.h>

#include "base/array.h"
#include "base/list.h"
#include "base/text.h"
#include "model/load/destination.h"

static const char *const roles[] = {"client", "server", "proxy", "both", NULL};
static const char *const protocols[] = {"tcp", "udp", NULL};
static const char *const runtimes[] = {"native", "go", "java", "node", "python", "erlang", NULL};
static const char *const spreads[] = {"fixed", "exponential", NULL};
static const char *const starts[] = {"empty", "steady", "together", NULL};
static const char *const closers[] = {"client", "server", "reset", NULL};
static const char *const peer_closes[] = {"prompt", "never", NULL};
static const char *const binds[] = {"none", "wildcard", "address", "noport", NULL};
static const char *const nats[] = {"none", "masquerade", "publish", "publish-proxy", NULL};

#define CHOICE(n, list, h)                                                             \
	{                                                                                  \
		.name = n, .kind = FIELD_CHOICE, .unit = UNIT_TEXT, .choices = list, .help = h \
	}
#define COUNT(n, h)                                                    \
	{                                                                  \
		.name = n, .kind = FIELD_NUMBER, .unit = UNIT_COUNT, .help = h \
	}
#define NUMBER(n, u, h)                                       \
	{                                                         \
		.name = n, .kind = FIELD_NUMBER, .unit = u, .help = h \
	}
#define SCALED(n, u, s, h)                                                                     \
	{                                                                                          \
		.name = n, .short_flag = s, .kind = FIELD_NUMBER, .unit = u, .scaled = true, .help = h \
	}

const struct workload_row workload_rows[WORKLOAD_FIELDS] = {
		[W_NAME] = {.name = "name",
				.kind = FIELD_TEXT,
				.unit = UNIT_TEXT,
				.help = "name of the plan, shown in reports"},
		[W_TOOL] = {.name = "tool",
				.kind = FIELD_TEXT,
				.unit = UNIT_TEXT,
				.help = "the program: hey, k6, nginx …"},
		[W_ROLE] = CHOICE("role", roles, "which side of the connections this host is"),
		[W_PROTOCOL] = CHOICE("protocol", protocols, "transport protocol"),
		[W_RUNTIME] = CHOICE("runtime",
				runtimes,
				"language or runtime of the program (decides which nofile limit counts)"),
		[W_CONNECTIONS] = SCALED("connections", UNIT_COUNT, NULL, "open connections at the peak"),
		[W_OPEN_RATE] = SCALED("open_rate_per_s",
				UNIT_PER_S,
				"new-conns",
				"new connections per second, steady"),
		[W_RAMP_RATE] = SCALED("ramp_rate_per_s",
				UNIT_PER_S,
				NULL,
				"new connections per second while ramping up"),
		[W_LIFETIME] = NUMBER("lifetime_s", UNIT_SECONDS, "how long a connection lives"),
		[W_LIFETIME_SPREAD] = CHOICE("lifetime_spread",
				spreads,
				"fixed: all connections live equally long; exponential: any may end at any time"),
		[W_START] = CHOICE("start",
				starts,
				"connections open at the start: none, all in mid-life, or all just opened"),
		[W_BURST] = SCALED("burst", UNIT_COUNT, NULL, "connections that arrive at once"),
		[W_BURST_WINDOW] = NUMBER("burst_window_s",
				UNIT_SECONDS,
				"longest pause of the server's accept loop (default: 3 ms)"),
		[W_DURATION] = NUMBER("duration_s", UNIT_SECONDS, "how long the test runs"),
		[W_TIMEOUT] = NUMBER("timeout_s", UNIT_SECONDS, "time after which the test is stopped"),
		[W_OPENS_TOTAL] =
				SCALED("opens_total", UNIT_COUNT, NULL, "connections opened in the whole test"),
		[W_REQUESTS] = SCALED("requests_per_s", UNIT_PER_S, "rps", "requests per second"),
		[W_LATENCY] = NUMBER("latency_s", UNIT_SECONDS, "time a request takes"),
		[W_REQUESTS_PER_CONNECTION] = COUNT("requests_per_connection",
				"requests before a connection is closed"),
		[W_STREAMS] = COUNT("streams_per_connection", "concurrent HTTP/2 streams on a connection"),
		[W_PEER_MAX_STREAMS] = COUNT("peer_max_streams",
				"the peer's MAX_CONCURRENT_STREAMS (default: 100)"),
		[W_DESTINATIONS] = {.name = "destinations",
				.short_flag = "to",
				.kind = FIELD_LIST,
				.unit = UNIT_COUNT,
				.help = "destinations: a count or HOST:PORT,…"},
		[W_SOURCE_ADDRESSES] = {.name = "source_addresses",
				.kind = FIELD_LIST,
				.unit = UNIT_COUNT,
				.help = "local addresses the tool binds, a count or a list"},
		[W_CLOSER] = CHOICE("closer", closers, "who closes first; reset: closed with RST"),
		[W_CLIENT_CLOSES] = NUMBER("client_closes",
				UNIT_RATIO,
				"share of connections that the client closes first"),
		[W_PEER_CLOSE] = CHOICE("peer_close",
				peer_closes,
				"does the peer close its side of a closed connection?"),
		[W_BIND] = CHOICE("bind",
				binds,
				"does the client bind() before it connects? noport: IP_BIND_ADDRESS_NO_PORT"),
		[W_NAT] = CHOICE("nat", nats, "address translation on this host"),
		[W_EGRESS] = {.name = "egress",
				.kind = FIELD_TEXT,
				.unit = UNIT_TEXT,
				.help = "cloud NAT on the way out (aws-nat-gateway:ips=2, "
						"gcp-cloud-nat:ports=2048)"},
		[W_ON_LINK_PEERS] = COUNT("on_link_peers", "peers on directly connected links"),
		[W_PROCESSES] = COUNT("processes", "processes that share the connections"),
		[W_THREADS] = COUNT("threads", "threads the program starts"),
		[W_MAX_CONNECTIONS] = COUNT("max_connections",
				"most connections that the program itself allows"),
		[W_FDS_BASE] = COUNT("fds_base", "open files of a process besides its connections"),
		[W_FDS_PER_CONNECTION] = COUNT("fds_per_connection", "open files per connection"),
		[W_NOFILE] = {.name = "nofile",
				.kind = FIELD_NOFILE,
				.unit = UNIT_COUNT,
				.help = "nofile limit the program uses: soft, hard or a number"},
		[W_BACKLOG] = COUNT("backlog", "the listener's backlog"),
		[W_MEMORY_BASE] = NUMBER("memory_base_bytes",
				UNIT_BYTES,
				"memory of a process besides its connections and users"),
		[W_MEMORY_PER_CONNECTION] =
				NUMBER("memory_per_connection_bytes", UNIT_BYTES, "user memory per connection"),
		[W_MEMORY_PER_USER] =
				NUMBER("memory_per_user_bytes", UNIT_BYTES, "memory per virtual user"),
		[W_USERS] = SCALED("users", UNIT_COUNT, NULL, "virtual users"),
		[W_QUEUED_BYTES] =
				NUMBER("queued_bytes", UNIT_BYTES, "unread or unsent data per connection"),
		[W_PORTS_PER_CONNECTION] = COUNT("ports_per_connection", "Erlang ports per connection"),
		[W_PORTS_BASE] = COUNT("ports_base", "Erlang ports of a node besides its connections"),
		[W_ERLANG_PORTS] = COUNT("erlang_ports",
				"value of +Q for the Erlang node (default: as on this host)"),
		[W_STAGES] = {.name = "stages",
				.kind = FIELD_STAGES,
				.unit = UNIT_TEXT,
				.scaled = true,
				.help = "ramp, as in 60s:1000,5m:1000 (connections) or 60s:500/s (rates)"},
		[W_GROUPS] = {.name = "groups",
				.kind = FIELD_GROUPS,
				.unit = UNIT_TEXT,
				.help = "named shares of the load, as in api:40%,web:60%"},
		[W_UP_CONNECTIONS] = SCALED("upstream.connections",
				UNIT_COUNT,
				NULL,
				"a proxy's live upstream connections"),
		[W_UP_OPEN_RATE] = SCALED("upstream.open_rate_per_s",
				UNIT_PER_S,
				NULL,
				"a proxy's new upstream connections"),
		[W_UP_CLOSER] =
				CHOICE("upstream.closer", closers, "who closes the upstream connections first"),
		[W_UP_DESTINATIONS] = {.name = "upstream.destinations",
				.kind = FIELD_LIST,
				.unit = UNIT_COUNT,
				.help = "destinations of the proxy: a count or HOST:PORT,…"},
};

static const char *const confidences[] = {"exact", "bound", "estimate", "needs-input"};

const char *confidence_name(enum confidence confidence)
{
	return confidences[confidence];
}

bool confidence_from_name(const char *name, enum confidence *ret_confidence)
{
	for (size_t i = 0; i < COUNT_OF(confidences); i++)
		if (!strcmp(name, confidences[i])) {
			*ret_confidence = (enum confidence)i;
			return true;
		}
	return false;
}

const char *workload_flag(enum workload_field field, char out[64])
{
	static const char *const suffixes[] = {"_per_s", "_bytes", "_s"};
	const struct workload_row *row = &workload_rows[field];
	if (row->flag)
		return row->flag;
	size_t length = strlen(row->name);
	for (size_t i = 0; i < COUNT_OF(suffixes); i++) {
		if (text_ends_with(row->name, suffixes[i])) {
			length -= strlen(suffixes[i]);
			break;
		}
	}
	size_t i = 0;
	for (; i < length && i < 63; i++)
		out[i] = row->name[i] == '_' || row->name[i] == '.' ? '-' : row->name[i];
	out[i] = '\0';
	return out;
}

static bool workload_set_choice(struct workload_value *value,
		const struct workload_row *row,
		const char *text,
		struct error *err)
{
	char all[256] = "";
	for (const char *const *choice = row->choices; *choice; choice++) {
		if (!strcmp(*choice, text)) {
			value->text = *choice;
			return true;
		}
		if (*all)
			strcat(all, ", ");
		strcat(all, *choice);
	}
	return error_set(err, "\"%.60s\" is not one of: %s", text, all);
}

bool workload_check_entry(enum workload_field field, const char *entry, struct error *err)
{
	return field == W_SOURCE_ADDRESSES ? source_address_check(entry, err)
									   : destination_check(entry, err);
}

void workload_set_list(struct arena *arena,
		struct workload_value *value,
		const char **items,
		size_t count)
{
	value->list = items;
	value->number = (double)destinations_unique(arena, items, count, &value->weights);
}

/* A count, or a comma-separated list. */
static bool set_list(struct arena *arena,
		struct workload_value *value,
		enum workload_field field,
		const char *text,
		struct error *err)
{
	if (*text && strspn(text, "0123456789kM.") == strlen(text) &&
			unit_parse(text, UNIT_COUNT, &value->number, err)) {
		if (value->number < 1)
			return error_set(err, "\"%.60s\": give 1 or more", text);
		return true;
	}
	char *copy = arena_strdup(arena, text);
	struct name_list items = {0};
	for (char *rest = copy, *item; (item = strsep(&rest, ","));) {
		if (!*item)
			return error_set(err, "\"%.60s\" contains an empty entry", text);
		if (!workload_check_entry(field, item, err))
			return false;
		name_list_append(arena, &items, item);
	}
	workload_set_list(arena, value, items.items, items.count);
	return true;
}

/* A plan's numbers are finite: "unlimited" is an answer of limits, not of load. */
static bool parse_finite(const char *text, enum unit unit, double *ret, struct error *err)
{
	if (!unit_parse(text, unit, ret, err))
		return false;
	return isfinite(*ret) || error_set(err, "\"%.60s\": give a number", text);
}

static bool parse_stage(const char *item, struct workload_stage *stage, struct error *err)
{
	char duration[64];
	const char *colon = strchr(item, ':');
	if (!colon || (size_t)(colon - item) >= sizeof duration)
		return error_set(err,
				"\"%.60s\": a stage is DURATION:CONNECTIONS or DURATION:RATE/s, such as 60s:1000",
				item);
	memcpy(duration, item, (size_t)(colon - item));
	duration[colon - item] = '\0';
	*stage = (struct workload_stage){.connections = NAN, .open_rate_per_s = NAN};
	if (!parse_finite(duration, UNIT_SECONDS, &stage->duration_s, err))
		return false;
	if (strchr(colon + 1, '/'))
		return parse_finite(colon + 1, UNIT_PER_S, &stage->open_rate_per_s, err);
	return parse_finite(colon + 1, UNIT_COUNT, &stage->connections, err);
}

enum {
	STAGES_MAX = 1000,
	GROUPS_MAX = 100
};

static bool set_stages(struct arena *arena,
		struct workload *workload,
		const char *text,
		struct error *err)
{
	size_t capacity = 0;
	workload->stages = NULL;
	workload->stage_count = 0;
	for (char *rest = arena_strdup(arena, text), *item; (item = strsep(&rest, ","));) {
		struct workload_stage stage;
		if (!parse_stage(item, &stage, err))
			return false;
		if (workload->stage_count == STAGES_MAX)
			return error_set(err, "more than %d stages", STAGES_MAX);
		workload->stages =
				arena_grow(arena, workload->stages, workload->stage_count, &capacity, sizeof stage);
		workload->stages[workload->stage_count++] = stage;
	}
	return true;
}

static bool set_groups(struct arena *arena,
		struct workload *workload,
		const char *text,
		struct error *err)
{
	size_t capacity = 0;
	double sum = 0;
	workload->groups = NULL;
	workload->group_count = 0;
	for (char *rest = arena_strdup(arena, text), *item; (item = strsep(&rest, ","));) {
		char *colon = strrchr(item, ':');
		struct workload_group group = {.name = item};
		if (!colon || colon == item)
			return error_set(err, "\"%.60s\": a group is NAME:SHARE, as in eth:40%%", item);
		*colon = '\0';
		if (!unit_parse(colon + 1, UNIT_RATIO, &group.share, err))
			return false;
		if (workload->group_count == GROUPS_MAX)
			return error_set(err, "more than %d groups", GROUPS_MAX);
		workload->groups =
				arena_grow(arena, workload->groups, workload->group_count, &capacity, sizeof group);
		workload->groups[workload->group_count++] = group;
		sum += group.share;
	}
	if (fabs(sum - 1) > 1e-6)
		return error_set(err, "the shares add up to %g%%, not 100%%", sum * 100);
	return true;
}

static bool set_nofile(struct workload_value *value, const char *text, struct error *err)
{
	if (!strcmp(text, "soft") || !strcmp(text, "hard")) {
		value->text = text[0] == 's' ? "soft" : "hard";
		return true;
	}
	if (!unit_parse(text, UNIT_COUNT, &value->number, err))
		return error_set(err, "\"%.60s\" is neither soft, hard nor a number", text);
	return true;
}

bool workload_set(struct arena *arena,
		struct workload *workload,
		enum workload_field field,
		const char *text,
		const char *from,
		struct error *err)
{
	const struct workload_row *row = &workload_rows[field];
	struct workload_value value = {.set = true, .from = from};
	bool good = true;
	if (!text_is_utf8(text, strlen(text)))
		return error_set(err, "it is not UTF-8 text");
	switch (row->kind) {
	case FIELD_NUMBER:
		good = parse_finite(text, row->unit, &value.number, err);
		break;
	case FIELD_CHOICE:
		good = workload_set_choice(&value, row, text, err);
		break;
	case FIELD_LIST:
		good = set_list(arena, &value, field, text, err);
		break;
	case FIELD_NOFILE:
		good = set_nofile(&value, text, err);
		break;
	case FIELD_TEXT:
		value.text = arena_strdup(arena, text);
		break;
	case FIELD_STAGES:
		good = set_stages(arena, workload, text, err);
		break;
	case FIELD_GROUPS:
		good = set_groups(arena, workload, text, err);
		break;
	}
	if (good)
		workload->values[field] = value;
	return good;
}

/* "At most one upstream connection for each of a client" is said of the clients that are replaced.
 */
static void drop_upstream_bound(struct workload *base)
{
	const struct workload_value *clients = &base->values[W_CONNECTIONS];
	struct workload_value *upstream = &base->values[W_UP_CONNECTIONS];
	bool bound = upstream->set && upstream->confidence == CONFIDENCE_BOUND;
	if (bound && clients->set && upstream->number == clients->number)
		upstream->set = false;
}

/* How a plan starts is said of its connections, which something else now brings. */
static void drop_start(struct workload *base, const struct workload *over)
{
	const struct workload_value *values = over->values;
	bool brought = over->stage_count > 0 || values[W_RAMP_RATE].set;
	bool counted = base->values[W_CONNECTIONS].set || values[W_CONNECTIONS].set;
	if (brought || !counted)
		base->values[W_START].set = false;
}

void workload_merge(struct workload *base, const struct workload *over)
{
	static const enum workload_field little[] = {W_CONNECTIONS, W_OPEN_RATE, W_LIFETIME};
	size_t given = 0;
	for (size_t i = 0; i < 3; i++)
		given += over->values[little[i]].set;
	if (given > 0 || over->stage_count > 0)
		drop_upstream_bound(base);
	/* Two of the three given by `over` decide the third. One alone replaces base's; where all three
	 * would then be set, a number of base gives way: the rate to a lifetime, the count to a rate.
	 */
	if (given == 2)
		for (size_t i = 0; i < 3; i++)
			base->values[little[i]].set &= over->values[little[i]].set;
	if (given == 1 && over->values[W_LIFETIME].set && base->values[W_CONNECTIONS].set)
		base->values[W_OPEN_RATE].set = false;
	if (given == 1 && over->values[W_OPEN_RATE].set && base->values[W_LIFETIME].set)
		base->values[W_CONNECTIONS].set = false;
	if (over->stage_count) {
		base->stages = over->stages;
		base->stage_count = over->stage_count;
		base->values[W_CONNECTIONS].set = base->values[W_OPEN_RATE].set = false;
	}
	if (over->group_count) {
		base->groups = over->groups;
		base->group_count = over->group_count;
	}
	drop_start(base, over);
	for (size_t i = 0; i < WORKLOAD_FIELDS; i++)
		if (over->values[i].set)
			base->values[i] = over->values[i];
	if (over->title)
		base->title = over->title;
}

static bool has_thread_per_connection(const struct workload *workload)
{
	const struct workload_value *threads = &workload->values[W_THREADS];
	const struct workload_value *connections = &workload->values[W_CONNECTIONS];
	return threads->set && connections->set && threads->number >= connections->number;
}

bool workload_scales(const struct workload *workload, enum workload_field field)
{
	if (field == W_THREADS)
		return has_thread_per_connection(workload);
	return workload_rows[field].scaled;
}

bool workload_any_loopback(const struct workload *workload, enum workload_field field)
{
	const struct workload_value *to = &workload->values[field];
	if (!to->set || !to->list)
		return false;
	for (size_t i = 0; i < (size_t)to->number; i++)
		if (destination_is_loopback(to->list[i]))
			return true;
	return false;
}

bool workload_to_loopback(const struct workload *workload)
{
	const struct workload_value *to = &workload->values[W_DESTINATIONS];
	if (!to->set || !to->list)
		return false;
	for (size_t i = 0; i < (size_t)to->number; i++)
		if (!destination_is_loopback(to->list[i]))
			return false;
	return true;
}
