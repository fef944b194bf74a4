/* Artillery: arrival phases and scenarios of its YAML (or JSON), with -e, --overrides, -t and
 * variables put in. A virtual user has one socket per host; it is closed 4 s after its last use
 * (agentkeepalive's freeSocketTimeout). Sources (2.0.34):
 * packages/artillery/lib/core/{phases,runner,engine_http}.ts, lib/platform/local. */
#include <math.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "probes/plan/command/arguments.h"
#include "probes/plan/document.h"
#include "probes/plan/tool/tools.h"

enum {
	LAYERS = 4,
	HOSTS_MAX = 64,
	NESTING_MAX = 40,
	PHASES_MAX = 300,
	FDS_OWN = 20,
	FREE_SOCKET_S = 4
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
};

static const struct argument_syntax syntax = {"artillery",
		ARGUMENTS_LONG | ARGUMENTS_PERMUTE,
		options,
		OPTIONS};

static const struct quantity_unit units[] = {
		{"milliseconds", 1e-3},
		{"millisecond", 1e-3},
		{"ms", 1e-3},
		{"seconds", 1},
		{"second", 1},
		{"secs", 1},
		{"sec", 1},
		{"s", 1},
		{"minutes", 60},
		{"minute", 60},
		{"mins", 60},
		{"min", 60},
		{"m", 60},
		{"hours", 3600},
		{"hour", 3600},
		{"h", 3600},
		{"days", 86400},
		{"day", 86400},
		{"d", 86400},
		{NULL, 0},
};
static const struct quantity_syntax duration_syntax = {.example = "60, 30s or 5 min",
		.units = units,
		.bare = 1,
		.fraction = true,
		.blank = true,
		.any_case = true};

/* A place to look an entry up in; the first that has it wins. */
struct layer {
	struct document document;
	const struct tree_node *config;
};

struct artillery {
	const struct plan_context *context;
	const struct plan_command *command;
	struct plan *plan;
	struct arena *arena;
	struct error *err;
	struct arguments arguments;
	struct document script;
	struct layer layers[LAYERS];
	size_t layer_count;
	const char *hosts[HOSTS_MAX];
	size_t host_count;
	const struct tree_node *unknown; /* a think time or loop that is not known before */
	double think_s, requests;        /* means over the scenarios */
	bool any_http, any_other;
};

static bool artillery_fail(const struct document *document,
		const struct tree_node *node,
		struct error *err,
		const char *name,
		const char *why)
{
	return document_error(document, node, err, "%s: %s", name, why);
}

/* "{{ $processEnvironment.NAME }}" and "{{ $env.NAME }}" put in; NULL where another variable
 * stands. */
static const char *expanded(const struct artillery *a, const char *text)
{
	static const char *const prefixes[] = {"$processEnvironment.", "$env.", NULL};
	const char *open = strstr(text, "{{"), *close = open ? strstr(open, "}}") : NULL;
	if (!open)
		return text;
	const char *name = open + 2 + strspn(open + 2, " ");
	for (size_t i = 0; close && prefixes[i]; i++) {
		size_t length = strlen(prefixes[i]);
		if (strncmp(name, prefixes[i], length) != 0)
			continue;
		name += length;
		const char *value = plan_variable(a->context,
				a->command,
				arena_copy(a->arena, name, strcspn(name, " }")),
				a->plan);
		return value && !strstr(close, "{{")
				? arena_printf(a->arena, "%.*s%s%s", (int)(open - text), text, value, close + 2)
				: NULL;
	}
	return NULL;
}

/* The entry of the phase or flow step. What a variable decides is an error that says what to do. */
static bool artillery_number(struct artillery *a,
		const struct document *document,
		const struct tree_node *node,
		const char *name,
		const struct quantity_syntax *quantity,
		double *ret)
{
	const struct tree_node *entry = tree_child(node, name);
	struct error inner;
	if (!entry)
		return true;
	const char *text = expanded(a, entry->text);
	if (!text)
		return artillery_fail(document,
				entry,
				a->err,
				name,
				"a variable that is not known before; set it (env NAME=VALUE COMMAND), or "
				"give the plan's numbers as flags");
	return quantity_read(text, quantity, ret, &inner) ||
			artillery_fail(document, entry, a->err, name, inner.text);
}

static const struct tree_node *artillery_lookup(const struct artillery *a,
		const char *name,
		const char *inner,
		const struct document **ret_document)
{
	for (size_t i = 0; i < a->layer_count; i++) {
		const struct tree_node *found = tree_child(a->layers[i].config, name);
		found = inner ? tree_child(found, inner) : found;
		if (!found)
			continue;
		*ret_document = &a->layers[i].document;
		return found;
	}
	return NULL;
}

static void add_layer(struct artillery *a,
		const struct document *document,
		const struct tree_node *config)
{
	if (config && a->layer_count < LAYERS)
		a->layers[a->layer_count++] = (struct layer){*document, config};
}

static bool artillery_read_any(struct artillery *a,
		const char *path,
		const char *named_by,
		struct document *ret)
{
	bool json = text_ends_with(path, ".json");
	return document_read(a->context,
			a->command,
			path,
			json ? "json" : "yaml",
			named_by,
			ret,
			a->err);
}

/* --overrides, then the environment of -e, then config, then the file of -c. */
static bool read_layers(struct artillery *a, const char *path)
{
	const char *overrides = arguments_text(&a->arguments, O_OVERRIDES, NULL);
	const char *environment = arguments_text(&a->arguments, O_ENVIRONMENT, NULL);
	const char *config = arguments_text(&a->arguments, O_CONFIG, NULL);
	struct document document;
	if (!artillery_read_any(a, path, "artillery", &a->script))
		return false;
	if (overrides &&
			!document_parse(a->context,
					"--overrides",
					"json",
					overrides,
					strlen(overrides),
					&document,
					a->err))
		return false;
	if (overrides)
		add_layer(a, &document, tree_child(document.root, "config"));
	const struct tree_node *own = tree_child(a->script.root, "config");
	if (environment) {
		const struct tree_node *chosen = tree_child(tree_child(own, "environments"), environment);
		if (!chosen && !config)
			return document_error(&a->script,
					own ? own : a->script.root,
					a->err,
					"there is no environment \"%.60s\" in config.environments",
					environment);
		add_layer(a, &a->script, chosen);
	}
	add_layer(a, &a->script, own);
	if (config && !artillery_read_any(a, config, "--config", &document))
		return false;
	if (config)
		add_layer(a,
				&document,
				tree_child(document.root, "config") ? tree_child(document.root, "config")
													: document.root);
	return true;
}

static void artillery_add_host(struct artillery *a, const struct tree_node *node, const char *url)
{
	struct error ignored;
	const char *text = expanded(a, url),
			   *target = text ? plan_url_target(a->arena, text, &ignored) : NULL;
	if (!target)
		plan_find(a->plan,
				"plan-artillery-host",
				"note",
				document_where(&a->script, node),
				"This URL's host is not known before the run and is not counted: --to names the "
				"hosts.");
	for (size_t i = 0; target && i < a->host_count; i++)
		if (strcmp(a->hosts[i], target) == 0)
			return;
	if (target && a->host_count < HOSTS_MAX)
		a->hosts[a->host_count++] = target;
}

struct pass {
	double think_s, requests;
};

static bool walk_flow(struct artillery *a,
		const struct tree_node *flow,
		double times,
		unsigned depth,
		struct pass *pass);

static bool artillery_walk_loop(struct artillery *a,
		const struct tree_node *step,
		double times,
		unsigned depth,
		struct pass *pass)
{
	double rounds = NAN;
	const struct tree_node *over = tree_child(step, "over"), *count = tree_child(step, "count");
	if (count && expanded(a, count->text) &&
			!artillery_number(a, &a->script, step, "count", &quantity_count, &rounds))
		return false;
	for (const struct tree_node *item = over && over->kind == TREE_SEQUENCE ? over->child : NULL;
			item;
			item = item->next)
		rounds = isnan(rounds) ? 1 : rounds + 1;
	if (isnan(rounds))
		a->unknown = step;
	return walk_flow(a,
			tree_child(step, "loop"),
			isnan(rounds) ? times : times * rounds,
			depth + 1,
			pass);
}

/* One step: a think time, a loop, a request of any method, or something without traffic of its own.
 */
static bool walk_step(struct artillery *a,
		const struct tree_node *step,
		double times,
		unsigned depth,
		struct pass *pass)
{
	static const char *const methods[] =
			{"get", "post", "put", "patch", "delete", "head", "options", "send", "emit"};
	const struct tree_node *think = tree_child(step, "think");
	if (think) {
		const char *text = expanded(a, think->text);
		double seconds = 0;
		struct error inner;
		if (text && quantity_read(text, &duration_syntax, &seconds, &inner))
			pass->think_s += times * seconds;
		else
			a->unknown = think;
	}
	if (tree_child(step, "loop") && !artillery_walk_loop(a, step, times, depth, pass))
		return false;
	if (tree_child(step, "parallel") &&
			!walk_flow(a, tree_child(step, "parallel"), times, depth + 1, pass))
		return false;
	for (size_t i = 0; i < COUNT_OF(methods); i++) {
		const struct tree_node *request = tree_child(step, methods[i]);
		const char *url = tree_text(request, "url") ? tree_text(request, "url")
													: tree_text(request, "uri");
		pass->requests += request ? times : 0;
		if (url && strstr(url, "://"))
			artillery_add_host(a, request, url);
	}
	return true;
}

static bool walk_flow(struct artillery *a,
		const struct tree_node *flow,
		double times,
		unsigned depth,
		struct pass *pass)
{
	if (depth > NESTING_MAX)
		return document_error(&a->script, flow, a->err, "nested too deep");
	for (const struct tree_node *step = flow ? flow->child : NULL; step; step = step->next)
		if (!walk_step(a, step, times, depth, pass))
			return false;
	return true;
}

static bool artillery_read_scenarios(struct artillery *a)
{
	const struct tree_node *scenarios = tree_child(a->script.root, "scenarios");
	const char *only = arguments_text(&a->arguments, O_SCENARIO, NULL);
	double total = 0;
	for (const struct tree_node *at = scenarios ? scenarios->child : NULL; at; at = at->next) {
		double weight = 1;
		struct pass pass = {0, 0};
		const char *engine = tree_text(at, "engine");
		if (only && !document_is(at, "name", only))
			continue;
		if (!artillery_number(a, &a->script, at, "weight", &quantity_decimal, &weight) ||
				!walk_flow(a, tree_child(at, "flow"), 1, 0, &pass))
			return false;
		a->any_http |= !engine || strcmp(engine, "http") == 0;
		a->any_other |= engine && strcmp(engine, "http") != 0;
		total += weight;
		a->think_s += weight * pass.think_s;
		a->requests += weight * pass.requests;
	}
	if (total <= 0)
		return document_error(&a->script,
				a->script.root,
				a->err,
				only ? "no scenario has the name of --scenario-name" : "there are no scenarios");
	a->think_s /= total;
	a->requests /= total;
	return true;
}

/* Arrivals beyond maxVusers are skipped: with sessions of that length no more than this many start
 * each second. */
static double capped(double rate, double most, double session_s)
{
	return isnan(most) || session_s <= 0 ? rate : fmin(rate, most / session_s);
}

static bool artillery_read_phase(struct artillery *a,
		const struct document *document,
		const struct tree_node *phase,
		double session_s)
{
	double seconds = NAN, pause = NAN, rate = NAN, to = NAN, count = NAN, most = NAN;
	if (!artillery_number(a, document, phase, "duration", &duration_syntax, &seconds) ||
			!artillery_number(a, document, phase, "pause", &duration_syntax, &pause) ||
			!artillery_number(a, document, phase, "arrivalRate", &quantity_decimal, &rate) ||
			!artillery_number(a, document, phase, "rampTo", &quantity_decimal, &to) ||
			!artillery_number(a, document, phase, "arrivalCount", &quantity_decimal, &count) ||
			!artillery_number(a, document, phase, "maxVusers", &quantity_decimal, &most))
		return false;
	const char *from = document_where(document, phase);
	double hosts = fmax(1, (double)a->host_count);
	if (!isnan(pause))
		seconds = pause, rate = 0;
	if (isnan(seconds))
		return document_error(document, phase, a->err, "a phase needs duration or pause");
	if (!isnan(count))
		rate = seconds > 0 ? count / seconds : 0;
	if (isnan(rate) && isnan(to))
		return document_error(document,
				phase,
				a->err,
				"a phase needs arrivalRate, arrivalCount or rampTo");
	rate = capped(isnan(rate) ? 0 : rate, most, session_s) * hosts;
	to = isnan(to) ? rate : capped(to, most, session_s) * hosts;
	plan_stage(a->plan, 0, NAN, rate, CONFIDENCE_EXACT, from);
	plan_stage(a->plan, seconds, NAN, to, CONFIDENCE_EXACT, from);
	return true;
}

static bool read_phases(struct artillery *a, double session_s)
{
	const struct document *document = &a->script;
	const struct tree_node *phases = artillery_lookup(a, "phases", NULL, &document);
	size_t count = 0;
	if (arguments_given(&a->arguments, O_SOLO)) {
		plan_number(a->plan,
				W_CONNECTIONS,
				fmax(1, (double)a->host_count),
				CONFIDENCE_EXACT,
				"--solo: one virtual user");
		return true;
	}
	for (const struct tree_node *at = phases ? phases->child : NULL; at; at = at->next) {
		if (++count > PHASES_MAX)
			return document_error(document, at, a->err, "more than %d phases", PHASES_MAX);
		if (!artillery_read_phase(a, document, at, session_s))
			return false;
	}
	return count > 0 ||
			document_error(document, document->root, a->err, "there are no phases in config");
}

/* http.pool: so many sockets per worker and host, kept; one worker per processor but one. */
static bool read_pool(struct artillery *a, bool *ret_pooled)
{
	const struct document *document;
	const struct tree_node *pool = artillery_lookup(a, "http", "pool", &document);
	double size = NAN,
		   processors = a->plan->vantage.processors > 0 ? a->plan->vantage.processors
														: a->context->processors;
	*ret_pooled = pool && a->any_http && !a->any_other;
	if (!*ret_pooled)
		return true;
	if (!artillery_number(a, document, pool->parent, "pool", &quantity_count, &size))
		return false;
	if (isnan(processors)) {
		plan_ask(a->plan,
				a->context,
				"Artillery starts a worker per processor but one, and how many that host has is "
				"not known",
				W_CONNECTIONS,
				WORKLOAD_FIELDS);
		return true;
	}
	double workers = fmax(1, processors - 1);
	plan_number(a->plan,
			W_CONNECTIONS,
			size * workers * fmax(1, (double)a->host_count),
			CONFIDENCE_BOUND,
			arena_printf(a->arena,
					"%s: pool × %g workers",
					document_where(document, pool),
					workers));
	plan_number(a->plan, W_OPEN_RATE, 0, CONFIDENCE_ESTIMATE, "the pool keeps its connections");
	return true;
}

/* How long a virtual user's socket is open. */
static double artillery_set_lifetime(struct artillery *a)
{
	struct plan *plan = a->plan;
	double latency = plan_given(a->context, W_LATENCY), session = a->think_s;
	double idle = a->any_http ? FREE_SOCKET_S : 0;
	if (!isnan(latency))
		session += a->requests * latency;
	if (a->unknown) {
		plan_ask(plan,
				a->context,
				arena_printf(a->arena,
						"%s is decided while it runs: how long is a socket open",
						document_where(&a->script, a->unknown)),
				W_LIFETIME,
				WORKLOAD_FIELDS);
		return NAN;
	}
	if (session <= 0) {
		plan_ask(plan,
				a->context,
				"the scenarios have no think time: how long does a request take, or a socket stay "
				"open",
				W_LATENCY,
				W_LIFETIME,
				WORKLOAD_FIELDS);
		return NAN;
	}
	if (isnan(latency) && a->requests > 0)
		plan_find(plan,
				"plan-artillery-latency",
				"note",
				NULL,
				"The time the requests themselves take is not in Artillery's file and counts as 0: "
				"--latency adds it.");
	plan_number(plan,
			W_LIFETIME,
			session + idle,
			CONFIDENCE_ESTIMATE,
			arena_printf(a->arena,
					"%s: %g s of session%s",
					a->script.path,
					session,
					idle > 0 ? ", and 4 s until an idle socket is closed" : ""));
	return session;
}

static bool artillery_set_target(struct artillery *a)
{
	const struct document *document = &a->script;
	const struct argument *flag = arguments_last(&a->arguments, O_TARGET);
	const struct tree_node *target = artillery_lookup(a, "target", NULL, &document);
	if (flag)
		artillery_add_host(a, a->script.root, flag->text);
	else if (target && *target->text && !strstr(target->text, "none"))
		artillery_add_host(a, target, target->text);
	return true;
}

static bool artillery_set_destinations(struct artillery *a)
{
	if (!a->host_count) {
		plan_ask(a->plan,
				a->context,
				"config.target is not known before",
				W_DESTINATIONS,
				WORKLOAD_FIELDS);
		return true;
	}
	const char **items = arena_alloc(a->arena, a->host_count * sizeof *items);
	memcpy(items, a->hosts, a->host_count * sizeof *items);
	return plan_destinations(a->plan,
			items,
			a->host_count,
			CONFIDENCE_EXACT,
			arena_printf(a->arena, "%s: target and URLs", a->script.path),
			a->err);
}

static void artillery_set_common(struct artillery *a)
{
	plan_choice(a->plan,
			W_CLOSER,
			"client",
			CONFIDENCE_EXACT,
			"Artillery closes sockets that are idle for 4 s");
	plan_choice(a->plan, W_BIND, "none", CONFIDENCE_EXACT, "Node connects without bind");
	plan_choice(a->plan,
			W_NOFILE,
			"hard",
			CONFIDENCE_EXACT,
			"Node raises the soft limit to the hard one");
	plan_number(a->plan,
			W_FDS_BASE,
			FDS_OWN,
			CONFIDENCE_ESTIMATE,
			"measured: 20 in a Node process");
}

static bool read_run(struct artillery *a, const char *path)
{
	bool pooled;
	if (!path)
		return error_set(a->err, "artillery: no script: `artillery run FILE`");
	if (!read_layers(a, path) || !artillery_set_target(a) || !artillery_read_scenarios(a) ||
			!artillery_set_destinations(a) || !read_pool(a, &pooled))
		return false;
	if (pooled)
		return true;
	if (plan_given(a->context, W_CONNECTIONS) >= 0)
		return true; /* the user's own number stands for the phases */
	return read_phases(a, artillery_set_lifetime(a));
}

/* `artillery quick --count VUS --num REQUESTS URL`. */
static bool read_quick(struct artillery *a, const char *url)
{
	double users = 10;
	size_t option = arguments_given(&a->arguments, O_COUNT) ? O_COUNT
															: O_CONFIG; /* -c is the count here */
	if (!url)
		return error_set(a->err, "artillery: quick needs a URL");
	if (!arguments_number(&a->arguments, option, &quantity_count, &users, a->err) ||
			!plan_url(a->plan, url, "URL", a->err))
		return false;
	plan_number(a->plan,
			W_CONNECTIONS,
			users,
			CONFIDENCE_EXACT,
			arguments_from(a->arena, &a->arguments, option, "10"));
	return true;
}

static bool read_artillery(const struct plan_context *context,
		const struct plan_command *command,
		struct plan *plan,
		struct error *err)
{
	struct artillery *a = arena_alloc(plan->arena, sizeof *a);
	*a = (struct artillery){.context = context,
			.command = command,
			.plan = plan,
			.arena = plan->arena,
			.err = err};
	const char *word = command->count > 1 ? command->words[1] : "";
	if (text_begins_with(word, "run-") || text_begins_with(word, "run:"))
		return error_set(err,
				"artillery %.40s: the load comes from elsewhere, not from this host",
				word);
	if (strcmp(word, "run") != 0 && strcmp(word, "quick") != 0)
		return error_set(err, "artillery: \"%.40s\" is no load test: `artillery run FILE`", word);
	if (!arguments_read(plan->arena,
				&syntax,
				command->words + 2,
				command->count - 2,
				&a->arguments,
				err))
		return false;
	artillery_set_common(a);
	const char *name = a->arguments.word_count ? a->arguments.words[0] : NULL;
	return strcmp(word, "run") == 0 ? read_run(a, name) : read_quick(a, name);
}

static const char *const programs[] = {"artillery", NULL};
static const char *const images[] = {"artilleryio/artillery", NULL};
const struct plan_reader plan_reader_artillery = {
		.tool = "artillery",
		.programs = programs,
		.images = images,
		.runtime = "node",
		.read = read_artillery,
		.help = "its YAML: phases, think times, pool, target; -e, -t, --overrides, "
				"$processEnvironment",
};
