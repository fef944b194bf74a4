/* ghz: so many HTTP/2 connections, opened once; workers share them as streams. Its configuration
 * file has the names of its flags; flags win. Sources (0.121.0): cmd/ghz/main.go, runner/config.go,
 * runner/options.go, runner/requester.go. */
#include <math.h>
#include <string.h>

#include "base/text.h"
#include "probes/plan/command/arguments.h"
#include "probes/plan/document.h"
#include "probes/plan/tool/tools.h"

enum {
	FDS_OWN = 10,
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

static bool ghz_read_config(const struct plan_context *context,
		const struct plan_command *command,
		struct ghz *ghz)
{
	const char *path = arguments_text(&ghz->arguments, O_CONFIG, NULL);
	if (!path)
		return true;
	bool toml = text_ends_with(path, ".toml");
	ghz->has_config = true;
	return document_read(context,
			command,
			path,
			toml ? "toml" : "json",
			"--config",
			&ghz->config,
			ghz->err);
}

static bool ghz_set_target(struct ghz *ghz)
{
	const struct tree_node *entry = ghz->has_config ? tree_child(ghz->config.root, "host") : NULL;
	const char *host = ghz->arguments.word_count ? ghz->arguments.words[0]
			: entry                              ? entry->text
												 : NULL;
	if (!host)
		return error_set(ghz->err, "ghz: no HOST:PORT in the command");
	const char *scheme = strstr(host, ":///"); /* gRPC names: dns:///host:port */
	return plan_url(ghz->plan,
			scheme ? scheme + 4 : host,
			entry && !ghz->arguments.word_count ? document_where(&ghz->config, entry) : "HOST",
			ghz->err);
}

/* The most workers there will be: a schedule may end above -c. */
static bool most_workers(const struct ghz *ghz, double *ret)
{
	double start = 0, end = 0;
	const char *from = NULL, *schedule = ghz_setting(ghz, O_C_SCHEDULE, &from);
	*ret = CONCURRENCY;
	if (!ghz_number(ghz, O_CONCURRENCY, &quantity_count, ret, &from) ||
			!ghz_number(ghz, O_C_START, &quantity_count, &start, &from) ||
			!ghz_number(ghz, O_C_END, &quantity_count, &end, &from))
		return false;
	if (schedule && strcmp(schedule, "const") != 0)
		*ret = fmax(*ret, fmax(start, end));
	return true;
}

static bool ghz_set_plan(struct ghz *ghz)
{
	struct plan *plan = ghz->plan;
	double connections = 1, workers, rps = NAN, duration = NAN;
	const char *from = "ghz's default: --connections 1", *rps_from = NULL, *duration_from = NULL,
			   *lb_from;
	if (!ghz_number(ghz, O_CONNECTIONS, &quantity_count, &connections, &from) ||
			!most_workers(ghz, &workers) ||
			!ghz_number(ghz, O_RPS, &quantity_count, &rps, &rps_from) ||
			!ghz_number(ghz, O_DURATION, &quantity_go_duration, &duration, &duration_from))
		return false;
	if (connections < 1 || connections > workers)
		return error_set(ghz->err,
				"ghz: %g connections for %g workers: ghz wants at least a worker per connection",
				connections,
				workers);
	const char *balance = ghz_setting(ghz, O_LB, &lb_from);
	bool spread = balance && strcmp(balance, "round_robin") == 0;
	if (spread)
		plan_find(plan,
				"plan-ghz-round-robin",
				"note",
				lb_from,
				"With round_robin each connection becomes one per address of the target's name: "
				"--to says how many.");
	plan_number(plan,
			W_CONNECTIONS,
			connections,
			spread ? CONFIDENCE_ESTIMATE : CONFIDENCE_EXACT,
			from);
	plan_number(plan, W_OPEN_RATE, 0, CONFIDENCE_EXACT, "ghz opens its connections once");
	plan_number(plan, W_BURST, connections, CONFIDENCE_EXACT, "all before the run");
	plan_number(plan,
			W_STREAMS,
			ceil(workers / connections),
			CONFIDENCE_EXACT,
			arena_printf(plan->arena, "%g workers on %g connections", workers, connections));
	if (rps > 0)
		plan_number(plan, W_REQUESTS, rps, CONFIDENCE_EXACT, rps_from);
	if (duration > 0)
		plan_number(plan, W_DURATION, duration, CONFIDENCE_EXACT, duration_from);
	return true;
}

static bool read_ghz(const struct plan_context *context,
		const struct plan_command *command,
		struct plan *plan,
		struct error *err)
{
	struct ghz ghz = {.plan = plan, .err = err};
	const char *from;
	if (!arguments_read(plan->arena,
				&syntax,
				command->words + 1,
				command->count - 1,
				&ghz.arguments,
				err) ||
			!ghz_read_config(context, command, &ghz) || !ghz_set_target(&ghz) ||
			!ghz_set_plan(&ghz))
		return false;
	bool reflects = !ghz_setting(&ghz, O_PROTO, &from) && !ghz_setting(&ghz, O_PROTOSET, &from);
	plan_choice(plan, W_CLOSER, "client", CONFIDENCE_EXACT, "at the end of the run");
	plan_choice(plan, W_BIND, "none", CONFIDENCE_EXACT, "ghz connects without bind");
	plan_choice(plan,
			W_NOFILE,
			"hard",
			CONFIDENCE_EXACT,
			"Go raises the soft limit to the hard one");
	plan_number(plan,
			W_FDS_BASE,
			FDS_OWN + reflects,
			CONFIDENCE_ESTIMATE,
			reflects ? "about 10, and a short connection for reflection"
					 : "ghz: about 10 beside the connections");
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
		.help = "--connections, -c, schedules, -z, --rps, and the same in --config (JSON or TOML)",
};
