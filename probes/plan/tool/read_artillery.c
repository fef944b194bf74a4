/* Artillery: arrival phases and scenarios of its YAML (or JSON), with -e, --overrides, -t and
 * variables put in; probes/plan/artillery reads the script. Measured with 2.0.34: a process has a
 * worker thread per processor but one. */
#include <math.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "probes/plan/artillery/artillery.h"
#include "probes/plan/command/arguments.h"
#include "probes/plan/tool/tools.h"

enum {
	FDS_OWN = 20,
	FDS_PER_WORKER = 6,
	THREADS_OWN = 11,
	FREE_SOCKET_S = 4,
	TIMEOUT_S = 10,
	MEMORY_BASE = 250 * 1000 * 1000,
	MEMORY_PER_WORKER = 75 * 1000 * 1000,
	MEMORY_PER_CONNECTION = 45 * 1000
};

enum {
	O_TARGET,
	O_OUTPUT,
	O_INSECURE,
	O_QUIET,
	O_ENVIRONMENT,
	O_CONFIG,
	O_PAYLOAD,
	O_OVERRIDES,
	O_VARIABLES,
	O_SOLO,
	O_DOTENV,
	O_NAME,
	O_TAGS,
	O_NOTE,
	O_RECORD,
	O_KEY,
	O_SCENARIO,
	O_COUNT,
	O_NUM,
	O_INPUT,
	O_PLATFORM,
	O_PLATFORM_OPT,
	OPTIONS
};

static const struct argument_option options[OPTIONS] = {
		[O_TARGET] = {"target", 't', TAKES_TEXT, NULL},
		[O_OUTPUT] = {"output", 'o', TAKES_TEXT, NULL},
		[O_INSECURE] = {"insecure", 'k', TAKES_NOTHING, NULL},
		[O_QUIET] = {"quiet", 'q', TAKES_NOTHING, NULL},
		[O_ENVIRONMENT] = {"environment", 'e', TAKES_TEXT, NULL},
		[O_CONFIG] = {"config", 'c', TAKES_TEXT, NULL},
		[O_PAYLOAD] = {"payload", 'p', TAKES_TEXT, NULL},
		[O_OVERRIDES] = {"overrides", 0, TAKES_TEXT, NULL},
		[O_VARIABLES] = {"variables", 'v', TAKES_TEXT, NULL},
		[O_SOLO] = {"solo", 's', TAKES_NOTHING, NULL},
		[O_DOTENV] = {"dotenv", 0, TAKES_TEXT, "env-file"},
		[O_NAME] = {"name", 0, TAKES_TEXT, NULL},
		[O_TAGS] = {"tags", 0, TAKES_TEXT, NULL},
		[O_NOTE] = {"note", 0, TAKES_TEXT, NULL},
		[O_RECORD] = {"record", 0, TAKES_NOTHING, NULL},
		[O_KEY] = {"key", 0, TAKES_TEXT, NULL},
		[O_SCENARIO] = {"scenario-name", 0, TAKES_TEXT, NULL},
		[O_COUNT] = {"count", 0, TAKES_TEXT, NULL},
		[O_NUM] = {"num", 'n', TAKES_TEXT, NULL},
		[O_INPUT] = {"input", 'i', TAKES_TEXT, NULL},
		[O_PLATFORM] = {"platform", 0, TAKES_TEXT, NULL},
		[O_PLATFORM_OPT] = {"platform-opt", 0, TAKES_TEXT, NULL},
};

static const struct argument_syntax syntax = {"artillery",
		ARGUMENTS_LONG | ARGUMENTS_PERMUTE,
		options,
		OPTIONS};

struct reading {
	struct artillery script;
	struct arguments arguments;
};

static struct artillery_layer *artillery_layer_added(struct artillery *a)
{
	if (a->layer_count == ARTILLERY_LAYERS)
		return NULL;
	return &a->layers[a->layer_count++];
}

static bool read_file_of(struct artillery *a,
		const char *path,
		const char *named_by,
		struct document *ret)
{
	const char *format = "yaml";
	if (text_ends_with(path, ".json"))
		format = "json";
	return document_read(a->context, a->command, path, format, named_by, ret, a->err);
}

/* A file of the script: what comes later wins. */
static bool artillery_add_file(struct artillery *a, const char *path, const char *named_by)
{
	struct document document;
	if (!read_file_of(a, path, named_by, &document))
		return false;
	struct artillery_layer *layer = artillery_layer_added(a);
	if (!layer)
		return error_set(a->err, "artillery: more than %d files", ARTILLERY_LAYERS);
	const struct tree_node *config = tree_child(document.root, "config");
	bool whole = !config && !tree_child(document.root, "scenarios");
	layer->document = document;
	layer->root = document.root;
	layer->config = config;
	if (whole)
		layer->config = document.root; /* a file of -c that is all configuration */
	return true;
}

/* The files in their order, then turned round: the last one counts first. */
static bool artillery_read_files(struct reading *r)
{
	struct artillery *a = &r->script;
	const struct arguments *arguments = &r->arguments;
	const struct argument *given;
	size_t cursor = 0;
	for (size_t i = 0; i < arguments->word_count; i++)
		if (!artillery_add_file(a, arguments->words[i], "artillery"))
			return false;
	while ((given = arguments_next(arguments, O_INPUT, &cursor)))
		if (!artillery_add_file(a, given->text, "--input"))
			return false;
	cursor = 0;
	while ((given = arguments_next(arguments, O_CONFIG, &cursor)))
		if (!artillery_add_file(a, given->text, "--config"))
			return false;
	for (size_t i = 0; i < a->layer_count / 2; i++) {
		struct artillery_layer *first = &a->layers[i];
		struct artillery_layer *last = &a->layers[a->layer_count - 1 - i];
		struct artillery_layer kept = *first;
		*first = *last;
		*last = kept;
	}
	return true;
}

static void put_first(struct artillery *a, struct artillery_layer layer)
{
	if (!artillery_layer_added(a))
		return;
	memmove(a->layers + 1, a->layers, (a->layer_count - 1) * sizeof *a->layers);
	a->layers[0] = layer;
}

/* The environment of -e goes over the files. Artillery warns where there is none of that name. */
static void add_environment(struct artillery *a)
{
	size_t count = a->layer_count;
	for (size_t i = 0; i < count; i++) {
		struct artillery_layer layer = a->layers[i];
		const struct tree_node *all = tree_child(layer.config, "environments");
		layer.config = tree_child(all, a->environment);
		layer.root = NULL;
		if (!layer.config)
			continue;
		put_first(a, layer);
		return;
	}
	const char *shown = text_clean(a->arena, a->environment, strlen(a->environment), 60);
	plan_find(a->plan,
			"plan-artillery-environment",
			"warning",
			a->path,
			arena_printf(a->arena,
					"There is no environment \"%s\" in config.environments. Artillery warns and "
					"runs with the rest of the configuration.",
					shown));
}

static bool add_overrides(struct artillery *a, const char *overrides)
{
	struct artillery_layer layer = {0};
	if (!document_parse(a->context,
				"--overrides",
				"json",
				overrides,
				strlen(overrides),
				&layer.document,
				a->err))
		return false;
	layer.root = layer.document.root;
	layer.config = tree_child(layer.root, "config");
	put_first(a, layer);
	return true;
}

static bool artillery_read_variables(struct artillery *a, const char *variables)
{
	struct document document;
	if (!variables)
		return true;
	if (!document_parse(a->context,
				"--variables",
				"json",
				variables,
				strlen(variables),
				&document,
				a->err))
		return false;
	a->set = document.root;
	return true;
}

/* --overrides, then the environment of -e, then the files. */
static bool artillery_read_layers(struct reading *r)
{
	struct artillery *a = &r->script;
	const char *overrides = arguments_text(&r->arguments, O_OVERRIDES, NULL);
	a->environment = arguments_text(&r->arguments, O_ENVIRONMENT, NULL);
	if (!artillery_read_variables(a, arguments_text(&r->arguments, O_VARIABLES, NULL)))
		return false;
	if (!artillery_read_files(r))
		return false;
	if (a->environment)
		add_environment(a);
	return !overrides || add_overrides(a, overrides);
}

/* One worker per processor but one: os.cpus().length - 1, whatever taskset or a quota allow. */
static double workers_of(const struct artillery *a)
{
	double processors = a->context->processors;
	if (isnan(processors))
		return NAN;
	return fmax(1, processors - 1);
}

/* http.pool: so many sockets per worker and host, kept. */
static bool artillery_read_pool(struct artillery *a, bool *ret_pooled)
{
	const struct document *document;
	const struct tree_node *pool = artillery_lookup(a, "http", "pool", &document);
	double size = NAN, workers = workers_of(a);
	*ret_pooled = pool && a->any_http && !a->any_websocket && !a->any_polling && !a->close_at;
	if (!*ret_pooled)
		return true;
	if (!artillery_number(a, document, pool->parent, "pool", &quantity_count, &size))
		return false;
	if (isnan(workers)) {
		plan_ask(a->plan,
				a->context,
				"Artillery starts one worker fewer than the host has CPUs, and that number is "
				"not known",
				W_CONNECTIONS,
				WORKLOAD_FIELDS);
		return true;
	}
	double hosts = fmax(1, (double)a->hosts.count);
	plan_number(a->plan,
			W_CONNECTIONS,
			size * workers * hosts,
			CONFIDENCE_BOUND,
			arena_printf(a->arena,
					"%s: pool × %g workers",
					document_where(document, pool),
					workers));
	plan_number(a->plan, W_OPEN_RATE, 0, CONFIDENCE_ESTIMATE, "the pool keeps its connections");
	return true;
}

/* How long a socket is open: the mean of all that a user opens. */
static void artillery_set_lifetime(struct artillery *a)
{
	struct plan *plan = a->plan;
	double sockets;
	double open = openings_mean_s(a->events, a->event_count, &sockets);
	if (a->unknown_at) {
		plan_ask(plan,
				a->context,
				arena_printf(a->arena,
						"%s is decided during the run: how long is a socket open",
						a->unknown_at),
				W_LIFETIME,
				WORKLOAD_FIELDS);
		return;
	}
	bool timed = !isnan(a->latency_s);
	bool known = timed || (a->session_s > 0 && !a->close_at);
	if (!known || !(open > 0)) {
		plan_ask(plan,
				a->context,
				"the scenarios do not say how long a request takes or how long a socket stays "
				"open",
				W_LATENCY,
				W_LIFETIME,
				WORKLOAD_FIELDS);
		return;
	}
	if (!timed && a->requests > 0)
		plan_find(plan,
				"plan-artillery-latency",
				"note",
				NULL,
				"Artillery's file does not say how long a request takes, so it counts as 0: add "
				"it with --latency.");
	const char *idle = "";
	if (a->any_http && !a->close_at)
		idle = ", and 4 s until an idle socket is closed";
	plan_number(plan,
			W_LIFETIME,
			open,
			CONFIDENCE_ESTIMATE,
			arena_printf(a->arena,
					"%s: a session of %g s%s; sockets per user: %.3g",
					a->path,
					a->session_s,
					idle,
					sockets));
}

/* HTTP_PROXY takes all requests (NO_PROXY is not looked at), unless HTTPS_PROXY is set as well. */
static const char *artillery_proxy_of(const struct artillery *a, const char *url)
{
	const char *plain = plan_environment(a->context, a->command, "HTTP_PROXY");
	const char *secure = plan_environment(a->context, a->command, "HTTPS_PROXY");
	if (url && plan_url_is_tls(url) && secure && *secure)
		return secure;
	if (plain && *plain)
		return plain;
	return NULL;
}

static void artillery_set_target(struct reading *r)
{
	struct artillery *a = &r->script;
	const struct document *document = &a->layers[0].document;
	const struct argument *flag = arguments_last(&r->arguments, O_TARGET);
	const struct tree_node *target = artillery_lookup(a, "target", NULL, &document);
	const struct tree_node *at = target;
	const char *url = NULL;
	if (target && *target->text && !strstr(target->text, "none"))
		url = target->text;
	if (flag) {
		url = flag->text;
		at = document->root;
	}
	const char *proxy = artillery_proxy_of(a, url);
	if (proxy && url) {
		plan_find(a->plan,
				"plan-artillery-proxy",
				"note",
				NULL,
				"HTTP_PROXY is set: all connections go to the proxy.");
		url = proxy;
	}
	if (url)
		artillery_add_host(a, document, at, url);
}

static bool artillery_set_hosts(struct artillery *a)
{
	struct name_list *hosts = &a->hosts;
	if (hosts->count > 1 && artillery_proxy_of(a, NULL))
		hosts->count = 1;
	if (!hosts->count) {
		plan_ask(a->plan,
				a->context,
				"config.target is not known before the run",
				W_DESTINATIONS,
				WORKLOAD_FIELDS);
		return true;
	}
	return plan_destinations(a->plan,
			hosts->items,
			hosts->count,
			CONFIDENCE_EXACT,
			arena_printf(a->arena, "%s: target and URLs", a->path),
			a->err);
}

static void artillery_set_closer(struct artillery *a)
{
	struct plan *plan = a->plan;
	if (a->close_at) {
		plan_number(plan, W_REQUESTS_PER_CONNECTION, 1, CONFIDENCE_EXACT, a->close_at);
		plan_choice(plan, W_CLOSER, "server", CONFIDENCE_ESTIMATE, a->close_at);
	} else if (a->latency_s > a->timeout_s && a->any_http) {
		plan_choice(plan,
				W_CLOSER,
				"client",
				CONFIDENCE_ESTIMATE,
				arena_printf(a->arena, "Artillery gives up a request after %g s", a->timeout_s));
	} else if (a->any_websocket && !a->any_http) {
		plan_choice(plan,
				W_CLOSER,
				"server",
				CONFIDENCE_ESTIMATE,
				"a WebSocket server closes after the closing handshake");
	} else if (a->any_websocket || a->any_polling) {
		plan_choice(plan,
				W_CLOSER,
				"client",
				CONFIDENCE_ESTIMATE,
				"Artillery closes the sockets of HTTP and Socket.IO; the server closes those of "
				"WebSockets");
	} else {
		plan_choice(plan,
				W_CLOSER,
				"client",
				CONFIDENCE_EXACT,
				"Artillery closes sockets that are idle for 4 s");
	}
}

static void artillery_measured(struct plan *plan, enum workload_field field, double number)
{
	static const char from[] = "measured: Artillery 2.0.34";
	plan_number(plan, field, number, CONFIDENCE_ESTIMATE, from);
}

static void artillery_set_process(struct artillery *a)
{
	struct plan *plan = a->plan;
	double workers = workers_of(a);
	if (isnan(workers))
		workers = 1;
	plan_choice(plan, W_BIND, "none", CONFIDENCE_EXACT, "Node connects without bind");
	plan_choice(plan,
			W_NOFILE,
			"hard",
			CONFIDENCE_EXACT,
			"Node raises the soft limit to the hard one");
	artillery_measured(plan, W_FDS_BASE, FDS_OWN + FDS_PER_WORKER * workers);
	artillery_measured(plan, W_THREADS, THREADS_OWN + workers);
	artillery_measured(plan, W_MEMORY_BASE, MEMORY_BASE + MEMORY_PER_WORKER * workers);
	artillery_measured(plan, W_MEMORY_PER_CONNECTION, MEMORY_PER_CONNECTION);
}

/* A user of this engine is more than a socket, or something that is not known. True: asked for. */
static bool ask_engine(struct artillery *a)
{
	if (!a->other_engine)
		return false;
	const char *name = text_clean(a->arena, a->other_engine, strlen(a->other_engine), 40);
	const char *why = "it is not known how many connections it opens";
	if (!strcmp(a->other_engine, "playwright"))
		why = "each user is a browser: how many connections does this host have";
	plan_ask(a->plan,
			a->context,
			arena_printf(a->arena, "%s: engine %s: %s", a->other_at, name, why),
			W_CONNECTIONS,
			WORKLOAD_FIELDS);
	return true;
}

static bool read_timeout(struct artillery *a)
{
	const struct document *document;
	const struct tree_node *timeout = artillery_lookup(a, "http", "timeout", &document);
	a->timeout_s = TIMEOUT_S;
	if (!timeout)
		timeout = artillery_lookup(a, "timeout", NULL, &document);
	if (!timeout || timeout->kind != TREE_SCALAR)
		return true;
	return artillery_number(a,
			document,
			timeout->parent,
			"timeout",
			&quantity_decimal,
			&a->timeout_s);
}

/* A script that is a program is not run to learn what it exports. */
static bool artillery_is_program(const char *path)
{
	return text_ends_with(path, ".ts") || text_ends_with(path, ".js") ||
			text_ends_with(path, ".mjs") || text_ends_with(path, ".cjs");
}

static bool ask_program(struct reading *r, const char *path)
{
	struct artillery *a = &r->script;
	const char *target = arguments_text(&r->arguments, O_TARGET, NULL);
	const char *shown = text_clean(a->arena, path, strlen(path), 80);
	plan_ask(a->plan,
			a->context,
			arena_printf(a->arena,
					"%s is a program, which headroom does not run: how many connections does it "
					"open",
					shown),
			W_CONNECTIONS,
			W_OPEN_RATE,
			WORKLOAD_FIELDS);
	return !target || plan_url(a->plan, target, "--target", a->err);
}

/* config.socketio.transports: ["websocket"] leaves the polling out. */
static bool websockets_only(const struct artillery *a)
{
	const struct document *ignored;
	const struct tree_node *transports = artillery_lookup(a, "socketio", "transports", &ignored);
	if (!transports)
		return false;
	const struct tree_node *first = transports->child;
	return first && !first->next && !strcmp(first->text, "websocket");
}

static bool artillery_read_run(struct reading *r)
{
	struct artillery *a = &r->script;
	bool pooled = false, solo = arguments_given(&r->arguments, O_SOLO);
	const char *platform = arguments_text(&r->arguments, O_PLATFORM, "local");
	if (strcmp(platform, "local") != 0)
		return error_set(a->err,
				"artillery --platform %.40s: the load comes from elsewhere, not from this host",
				platform);
	if (!r->arguments.word_count && !arguments_given(&r->arguments, O_INPUT))
		return error_set(a->err, "artillery: no script: write `artillery run FILE`");
	artillery_set_process(a);
	for (size_t i = 0; i < r->arguments.word_count; i++)
		if (artillery_is_program(r->arguments.words[i]))
			return ask_program(r, r->arguments.words[i]);
	a->path = arguments_text(&r->arguments, O_INPUT, r->arguments.words[0]);
	if (!artillery_read_layers(r) || !read_timeout(a))
		return false;
	artillery_set_target(r);
	const char *only = arguments_text(&r->arguments, O_SCENARIO, NULL);
	if (!artillery_read_scenarios(a, only) || !artillery_set_hosts(a))
		return false;
	artillery_set_closer(a);
	if (ask_engine(a))
		return true;
	if (!artillery_read_pool(a, &pooled))
		return false;
	if (pooled)
		return true;
	if (a->any_polling && !websockets_only(a))
		plan_find(a->plan,
				"plan-artillery-polling",
				"warning",
				a->path,
				"Socket.IO polls over HTTP before it switches to a WebSocket. Those connections "
				"are not counted.");
	if (plan_given(a->context, W_CONNECTIONS) >= 0)
		return true; /* the user's own number stands for the phases */
	artillery_set_lifetime(a);
	return artillery_set_phases(a, solo);
}

/* `artillery quick --count VUS --num REQUESTS URL`: all users come within a second. */
static bool read_quick(struct reading *r)
{
	struct artillery *a = &r->script;
	double users = 10;
	size_t option = O_COUNT;
	if (!arguments_given(&r->arguments, O_COUNT))
		option = O_CONFIG; /* -c is the count here */
	if (!r->arguments.word_count)
		return error_set(a->err, "artillery: quick needs a URL");
	if (!arguments_number(&r->arguments, option, &quantity_count, &users, a->err))
		return false;
	if (!plan_url(a->plan, r->arguments.words[0], "URL", a->err))
		return false;
	a->any_http = true;
	a->timeout_s = TIMEOUT_S;
	artillery_set_closer(a);
	artillery_set_process(a);
	plan_number(a->plan,
			W_CONNECTIONS,
			users,
			CONFIDENCE_EXACT,
			arguments_from(a->arena, &r->arguments, option, "10"));
	return true;
}

static bool read_artillery(const struct plan_context *context,
		const struct plan_command *command,
		struct plan *plan,
		struct error *err)
{
	struct reading *r = arena_alloc(plan->arena, sizeof *r);
	r->script.context = context;
	r->script.command = command;
	r->script.plan = plan;
	r->script.arena = plan->arena;
	r->script.err = err;
	r->script.latency_s = plan_given(context, W_LATENCY);
	const char *word = command->count > 1 ? command->words[1] : "";
	if (text_begins_with(word, "run-") || text_begins_with(word, "run:"))
		return error_set(err,
				"artillery %.40s: the load comes from elsewhere, not from this host",
				word);
	bool run = strcmp(word, "run") == 0;
	if (!run && strcmp(word, "quick") != 0)
		return error_set(err,
				"artillery: \"%.40s\" does not start a load test: write `artillery run FILE`",
				word);
	if (!arguments_read(plan->arena,
				&syntax,
				command->words + 2,
				command->count - 2,
				&r->arguments,
				err))
		return false;
	if (run)
		return artillery_read_run(r);
	return read_quick(r);
}

static const char *const programs[] = {"artillery", NULL};
static const char *const images[] = {"artilleryio/artillery", NULL};
const struct plan_reader plan_reader_artillery = {
		.tool = "artillery",
		.programs = programs,
		.images = images,
		.runtime = "node",
		.read = read_artillery,
		.help = "its YAML: phases, think times, headers, pool, target; -e, -t, --overrides, "
				"$processEnvironment",
};
