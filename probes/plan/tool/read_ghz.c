/* ghz: so many HTTP/2 connections, opened once; workers share them as streams. Its configuration
 * file has the names of its flags; flags win. Sources (0.121.0): cmd/ghz/main.go, runner/config.go,
 * runner/options.go, runner/requester.go. */
#include <math.h>
#include <string.h>

#include "base/address.h"
#include "base/array.h"
#include "base/text.h"
#include "probes/plan/command/arguments.h"
#include "probes/plan/document.h"
#include "probes/plan/tool/go_client.h"
#include "probes/plan/tool/tools.h"

enum {
	FDS_OWN = 5, /* measured, as the memory is */
	MEMORY_BASE = 33000000,
	MEMORY_PER_CONNECTION = 162000,
	MEMORY_PER_WORKER = 48000,
	TOTAL = 200,
	CONCURRENCY = 50
};

enum {
	O_CONFIG,
	O_PROTO,
	O_PROTOSET,
	O_CALL,
	O_IMPORT,
	O_CACERT,
	O_CERT,
	O_KEY,
	O_CNAME,
	O_SKIP_TLS,
	O_INSECURE,
	O_AUTHORITY,
	O_ASYNC,
	O_RPS,
	O_LOAD_SCHEDULE,
	O_LOAD_START,
	O_LOAD_STEP,
	O_LOAD_END,
	O_LOAD_STEP_TIME,
	O_LOAD_MAX,
	O_CONCURRENCY,
	O_C_SCHEDULE,
	O_C_START,
	O_C_END,
	O_C_STEP,
	O_C_STEP_TIME,
	O_C_MAX,
	O_TOTAL,
	O_TIMEOUT,
	O_DURATION,
	O_MAX_DURATION,
	O_STOP,
	O_DATA,
	O_DATA_FILE,
	O_BINARY,
	O_BINARY_FILE,
	O_METADATA,
	O_METADATA_FILE,
	O_STREAM_INTERVAL,
	O_STREAM_TIME,
	O_STREAM_COUNT,
	O_STREAM_DYNAMIC,
	O_REFLECT,
	O_OUTPUT,
	O_FORMAT,
	O_SKIP_FIRST,
	O_COUNT_ERRORS,
	O_CONNECTIONS,
	O_CONNECT_TIMEOUT,
	O_KEEPALIVE,
	O_NAME,
	O_TAGS,
	O_CPUS,
	O_DEBUG,
	O_COMPRESSION,
	O_LB,
	O_RECV,
	O_SEND,
	O_NO_FUNCTIONS,
	O_NO_DATA,
	O_VERSION,
	O_HELP,
	OPTIONS
};

#define TEXT(n, l)             \
	{                          \
		n, l, TAKES_TEXT, NULL \
	}
#define SWITCH(n, l)              \
	{                             \
		n, l, TAKES_NOTHING, NULL \
	}
static const struct argument_option options[OPTIONS] = {
		[O_CONFIG] = TEXT("config", 0),
		[O_PROTO] = TEXT("proto", 0),
		[O_PROTOSET] = TEXT("protoset", 0),
		[O_CALL] = TEXT("call", 0),
		[O_IMPORT] = TEXT("import-paths", 'i'),
		[O_CACERT] = TEXT("cacert", 0),
		[O_CERT] = TEXT("cert", 0),
		[O_KEY] = TEXT("key", 0),
		[O_CNAME] = TEXT("cname", 0),
		[O_SKIP_TLS] = SWITCH("skipTLS", 0),
		[O_INSECURE] = SWITCH("insecure", 0),
		[O_AUTHORITY] = TEXT("authority", 0),
		[O_ASYNC] = SWITCH("async", 0),
		[O_RPS] = TEXT("rps", 'r'),
		[O_LOAD_SCHEDULE] = TEXT("load-schedule", 0),
		[O_LOAD_START] = TEXT("load-start", 0),
		[O_LOAD_STEP] = TEXT("load-step", 0),
		[O_LOAD_END] = TEXT("load-end", 0),
		[O_LOAD_STEP_TIME] = TEXT("load-step-duration", 0),
		[O_LOAD_MAX] = TEXT("load-max-duration", 0),
		[O_CONCURRENCY] = TEXT("concurrency", 'c'),
		[O_C_SCHEDULE] = TEXT("concurrency-schedule", 0),
		[O_C_START] = TEXT("concurrency-start", 0),
		[O_C_END] = TEXT("concurrency-end", 0),
		[O_C_STEP] = TEXT("concurrency-step", 0),
		[O_C_STEP_TIME] = TEXT("concurrency-step-duration", 0),
		[O_C_MAX] = TEXT("concurrency-max-duration", 0),
		[O_TOTAL] = TEXT("total", 'n'),
		[O_TIMEOUT] = TEXT("timeout", 't'),
		[O_DURATION] = TEXT("duration", 'z'),
		[O_MAX_DURATION] = TEXT("max-duration", 'x'),
		[O_STOP] = TEXT("duration-stop", 0),
		[O_DATA] = TEXT("data", 'd'),
		[O_DATA_FILE] = TEXT("data-file", 'D'),
		[O_BINARY] = SWITCH("binary", 'b'),
		[O_BINARY_FILE] = TEXT("binary-file", 'B'),
		[O_METADATA] = TEXT("metadata", 'm'),
		[O_METADATA_FILE] = TEXT("metadata-file", 'M'),
		[O_STREAM_INTERVAL] = TEXT("stream-interval", 0),
		[O_STREAM_TIME] = TEXT("stream-call-duration", 0),
		[O_STREAM_COUNT] = TEXT("stream-call-count", 0),
		[O_STREAM_DYNAMIC] = SWITCH("stream-dynamic-messages", 0),
		[O_REFLECT] = TEXT("reflect-metadata", 0),
		[O_OUTPUT] = TEXT("output", 'o'),
		[O_FORMAT] = TEXT("format", 'O'),
		[O_SKIP_FIRST] = TEXT("skipFirst", 0),
		[O_COUNT_ERRORS] = SWITCH("count-errors", 0),
		[O_CONNECTIONS] = TEXT("connections", 0),
		[O_CONNECT_TIMEOUT] = TEXT("connect-timeout", 0),
		[O_KEEPALIVE] = TEXT("keepalive", 0),
		[O_NAME] = TEXT("name", 0),
		[O_TAGS] = TEXT("tags", 0),
		[O_CPUS] = TEXT("cpus", 0),
		[O_DEBUG] = TEXT("debug", 0),
		[O_COMPRESSION] = SWITCH("enable-compression", 'e'),
		[O_LB] = TEXT("lb-strategy", 0),
		[O_RECV] = TEXT("max-recv-message-size", 0),
		[O_SEND] = TEXT("max-send-message-size", 0),
		[O_NO_FUNCTIONS] = SWITCH("disable-template-functions", 0),
		[O_NO_DATA] = SWITCH("disable-template-data", 0),
		[O_VERSION] = SWITCH("version", 'v'),
		[O_HELP] = SWITCH("help", 'h'),
};

static const struct argument_syntax syntax = {"ghz",
		ARGUMENTS_LONG | ARGUMENTS_PERMUTE,
		options,
		OPTIONS};

/* How long a busy host keeps ghz from sending, as vegeta: then it sends what it missed at once. */
static const double stall_s = 0.1;

struct ghz {
	struct arguments arguments;
	struct document config;
	bool has_config;
	struct plan *plan;
	struct error *err;
};

/* The flag, else the file's entry of the same name; NULL if neither. */
static const char *ghz_setting(const struct ghz *ghz, size_t option, const char **ret_from)
{
	const struct argument *flag = arguments_last(&ghz->arguments, option);
	const struct tree_node *entry = ghz->has_config
			? tree_child(ghz->config.root, options[option].name)
			: NULL;
	*ret_from = flag ? flag->shown : entry ? document_where(&ghz->config, entry) : NULL;
	return flag ? flag->text : entry ? entry->text : NULL;
}

static bool ghz_number(const struct ghz *ghz,
		size_t option,
		const struct quantity_syntax *quantity,
		double *ret,
		const char **ret_from)
{
	struct error inner;
	const char *from, *text = ghz_setting(ghz, option, &from);
	if (!text)
		return true;
	*ret_from = from;
	return quantity_read(text, quantity, ret, &inner) ||
			error_set(ghz->err, "ghz: %s: %s", from, inner.text);
}

/* What a switch says on the command line, else in the file. */
static bool ghz_switch(const struct ghz *ghz, size_t option)
{
	const struct argument *flag = arguments_last(&ghz->arguments, option);
	const char *from, *text = ghz_setting(ghz, option, &from);
	if (flag)
		return arguments_given(&ghz->arguments, option);
	return text && !strcmp(text, "true");
}

static const char *config_format(const char *path)
{
	if (text_ends_with(path, ".toml"))
		return "toml";
	if (text_ends_with(path, ".yaml") || text_ends_with(path, ".yml"))
		return "yaml";
	return "json";
}

static bool ghz_read_config(const struct plan_context *context,
		const struct plan_command *command,
		struct ghz *ghz)
{
	const char *path = arguments_text(&ghz->arguments, O_CONFIG, NULL);
	if (!path)
		return true;
	ghz->has_config = true;
	return document_read(context,
			command,
			path,
			config_format(path),
			"--config",
			&ghz->config,
			ghz->err);
}

/* gRPC's names: dns:///host, dns:host, dns://server/host, passthrough:///host:port. NULL: a scheme
 * that it does not have, which makes it dial the whole text. */
static const char *behind_scheme(const char *name, const char *scheme)
{
	size_t length = strlen(scheme);
	if (strncmp(name, scheme, length) != 0 || name[length] != ':')
		return NULL;
	const char *rest = name + length + 1;
	if (!text_begins_with(rest, "//"))
		return rest;
	const char *path = strchr(rest + 2, '/');
	return path ? path + 1 : "";
}

static const char *ghz_target(const struct ghz *ghz, const char *name)
{
	static const char *const local[] = {"unix", "unix-abstract"};
	struct arena *arena = ghz->plan->arena;
	struct host_port split;
	const char *shown = text_clean(arena, name, strlen(name), 80);
	const char *found = behind_scheme(name, "dns");
	const char *port = ":443"; /* of a name that DNS is asked for */
	for (size_t i = 0; i < COUNT_OF(local); i++) {
		if (!behind_scheme(name, local[i]))
			continue;
		(void)error_set(ghz->err,
				"ghz: %s: a unix socket has no ports, and headroom judges TCP and UDP",
				shown);
		return NULL;
	}
	if (!found) {
		found = behind_scheme(name, "passthrough");
		port = "";
	}
	if (!found)
		found = name;
	if (*found && host_port_split(found, &split) && !split.port)
		found = arena_printf(arena, "%s%s", found, port);
	if (host_port_split(found, &split) && split.port)
		return go_url_target(arena, arena_printf(arena, "http://%s", found), ghz->err);
	(void)error_set(ghz->err, "ghz: %s: gRPC dials HOST:PORT", shown);
	return NULL;
}

/* gRPC asks HTTPS_PROXY, whether the connection is encrypted or not. */
static bool ghz_set_target(const struct plan_context *context,
		const struct plan_command *command,
		struct ghz *ghz)
{
	const struct tree_node *entry = ghz->has_config ? tree_child(ghz->config.root, "host") : NULL;
	const char *host = ghz->arguments.words[0], *from = "HOST", *proxy, *variable;
	if (!host && entry) {
		host = entry->text;
		from = document_where(&ghz->config, entry);
	}
	if (!host)
		return error_set(ghz->err, "ghz: no HOST:PORT in the command");
	const char **items = arena_alloc(ghz->plan->arena, sizeof *items);
	items[0] = ghz_target(ghz, host);
	if (!items[0] || !go_proxy(context, command, items[0], true, &proxy, &variable, ghz->err))
		return false;
	if (proxy) {
		items[0] = proxy;
		from = variable;
	}
	return plan_destinations(ghz->plan, items, 1, CONFIDENCE_EXACT, from, ghz->err);
}

/* Both schedules: "const", "step" or "line", from a start to an end. */
static bool schedule_peak(const struct ghz *ghz,
		size_t schedule,
		size_t start,
		size_t end,
		double *ret)
{
	const char *from, *kind = ghz_setting(ghz, schedule, &from);
	double first = 0, last = 0;
	if (!ghz_number(ghz, start, &quantity_count, &first, &from) ||
			!ghz_number(ghz, end, &quantity_count, &last, &from))
		return false;
	if (kind && strcmp(kind, "const") != 0)
		*ret = fmax(first, last);
	return true;
}

struct ghz_load {
	double connections, workers; /* workers: of -c, for which the connections must be enough */
	double most_workers;         /* of a schedule, which may end above -c */
	double rps;                  /* NAN: as fast as the answers come */
	double total;                /* requests; INFINITY: the time ends them */
	double duration_s;
	const char *connections_from, *rps_from, *duration_from;
};

static bool ghz_read_load(const struct ghz *ghz, struct ghz_load *l)
{
	double most_s = NAN, scheduled = NAN;
	const char *from = NULL, *most_from = NULL;
	*l = (struct ghz_load){.connections = 1,
			.workers = CONCURRENCY,
			.rps = NAN,
			.total = TOTAL,
			.duration_s = NAN,
			.connections_from = "ghz's default: --connections 1"};
	if (!ghz_number(ghz, O_CONNECTIONS, &quantity_count, &l->connections, &l->connections_from) ||
			!ghz_number(ghz, O_CONCURRENCY, &quantity_count, &l->workers, &from) ||
			!ghz_number(ghz, O_RPS, &quantity_count, &l->rps, &l->rps_from) ||
			!ghz_number(ghz, O_TOTAL, &quantity_count, &l->total, &from) ||
			!ghz_number(ghz,
					O_DURATION,
					&quantity_go_duration,
					&l->duration_s,
					&l->duration_from) ||
			!ghz_number(ghz, O_MAX_DURATION, &quantity_go_duration, &most_s, &most_from) ||
			!schedule_peak(ghz, O_LOAD_SCHEDULE, O_LOAD_START, O_LOAD_END, &scheduled))
		return false;
	if (scheduled > 0) {
		l->rps = scheduled;
		l->rps_from = "the highest rate of --load-schedule";
	}
	if (most_s > 0) {
		l->duration_s = most_s;
		l->duration_from = most_from;
	}
	if (l->duration_s > 0)
		l->total = INFINITY;
	l->most_workers = l->workers;
	return schedule_peak(ghz, O_C_SCHEDULE, O_C_START, O_C_END, &l->most_workers);
}

/* Without waiting for answers: as many streams as the rate makes while one is answered. */
static void async_streams(const struct plan_context *context,
		struct plan *plan,
		const struct ghz_load *l)
{
	double latency = plan_given(context, W_LATENCY), flying = l->total;
	const char *from = "--async: all requests at once";
	double rated = l->rps * (latency + stall_s);
	if (l->rps > 0 && rated < flying) {
		flying = rated;
		from = "--async: rate × (--latency + 0.1 s that ghz may stall)";
	}
	if (isfinite(flying))
		plan_number(plan, W_STREAMS, fmax(1, flying / l->connections), CONFIDENCE_ESTIMATE, from);
	else if (l->rps > 0)
		plan_ask(plan,
				context,
				"with --async ghz does not wait for answers: rate × latency calls are in flight",
				W_LATENCY,
				W_STREAMS,
				WORKLOAD_FIELDS);
	else
		plan_ask(plan,
				context,
				"with --async and without --rps nothing bounds the calls in flight",
				W_STREAMS,
				WORKLOAD_FIELDS);
}

static void ghz_set_streams(const struct plan_context *context,
		const struct ghz *ghz,
		const struct ghz_load *l)
{
	struct plan *plan = ghz->plan;
	double workers = fmin(l->most_workers, l->total);
	if (ghz_switch(ghz, O_ASYNC)) {
		async_streams(context, plan, l);
		return;
	}
	plan_number(plan,
			W_STREAMS,
			workers / l->connections,
			CONFIDENCE_EXACT,
			arena_printf(plan->arena, "%g workers on %g connections", workers, l->connections));
}

static void ghz_set_needs(struct plan *plan, const struct ghz_load *l)
{
	static const char measured[] = "ghz 0.121, measured";
	plan_number(plan, W_FDS_BASE, FDS_OWN, CONFIDENCE_ESTIMATE, measured);
	plan_number(plan, W_MEMORY_BASE, MEMORY_BASE, CONFIDENCE_ESTIMATE, measured);
	plan_number(plan,
			W_MEMORY_PER_CONNECTION,
			MEMORY_PER_CONNECTION,
			CONFIDENCE_ESTIMATE,
			measured);
	plan_number(plan, W_MEMORY_PER_USER, MEMORY_PER_WORKER, CONFIDENCE_ESTIMATE, measured);
	plan_number(plan, W_USERS, l->most_workers, CONFIDENCE_EXACT, "its workers");
}

static bool ghz_set_plan(const struct plan_context *context, struct ghz *ghz)
{
	struct plan *plan = ghz->plan;
	struct ghz_load l;
	const char *lb_from;
	if (!ghz_read_load(ghz, &l))
		return false;
	if (l.connections < 1 || l.connections > l.workers)
		return error_set(ghz->err,
				"ghz: %g connections for %g workers: ghz wants at least a worker per connection, "
				"and counts those of -c alone",
				l.connections,
				l.workers);
	const char *balance = ghz_setting(ghz, O_LB, &lb_from);
	enum confidence sure = CONFIDENCE_EXACT;
	if (balance && strcmp(balance, "round_robin") == 0) {
		sure = CONFIDENCE_ESTIMATE;
		plan_find(plan,
				"plan-ghz-round-robin",
				"note",
				lb_from,
				"With round_robin each connection becomes one per address of the target's name: "
				"--to says how many.");
	}
	plan_number(plan, W_CONNECTIONS, l.connections, sure, l.connections_from);
	plan_number(plan,
			W_OPEN_RATE,
			0,
			CONFIDENCE_ESTIMATE,
			"opened once, unless the server bounds their age (MaxConnectionAge)");
	plan_number(plan, W_BURST, l.connections, CONFIDENCE_EXACT, "all before the run");
	ghz_set_streams(context, ghz, &l);
	if (l.rps > 0)
		plan_number(plan, W_REQUESTS, l.rps, CONFIDENCE_EXACT, l.rps_from);
	if (l.duration_s > 0)
		plan_number(plan, W_DURATION, l.duration_s, CONFIDENCE_EXACT, l.duration_from);
	if (l.duration_s > 0)
		plan_choice(plan,
				W_CLOSER,
				"client",
				CONFIDENCE_BOUND,
				"at the end of the run; where the time is up in a call, by reset");
	else
		plan_choice(plan, W_CLOSER, "client", CONFIDENCE_EXACT, "at the end of the run");
	ghz_set_needs(plan, &l);
	return true;
}

static bool read_ghz(const struct plan_context *context,
		const struct plan_command *command,
		struct plan *plan,
		struct error *err)
{
	struct ghz ghz = {.plan = plan, .err = err};
	if (!arguments_read(plan->arena,
				&syntax,
				command->words + 1,
				command->count - 1,
				&ghz.arguments,
				err) ||
			!ghz_read_config(context, command, &ghz) || !ghz_set_target(context, command, &ghz) ||
			!ghz_set_plan(context, &ghz))
		return false;
	plan_choice(plan, W_BIND, "none", CONFIDENCE_EXACT, "ghz connects without bind");
	plan_choice(plan,
			W_NOFILE,
			"hard",
			CONFIDENCE_EXACT,
			"Go raises the soft limit to the hard one");
	return true;
}

static const char *const programs[] = {"ghz", NULL};
static const char *const images[] = {"obvionaoe/ghz", NULL};
const struct plan_reader plan_reader_ghz = {
		.tool = "ghz",
		.programs = programs,
		.images = images,
		.runtime = "go",
		.read = read_ghz,
		.help = "--connections, -c, schedules, -z, --rps, and the same in --config (JSON, TOML or "
				"YAML)",
};
