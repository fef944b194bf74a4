/* nginx: what its configuration lets in. worker_connections counts both sides of a proxied
 * connection, so that a proxy holds half as many; it is a bound, not what a test will open.
 * Sources: nginx src/event/ngx_event.c (DEFAULT_CONNECTIONS 512), src/core/ngx_connection.h
 * (NGX_LISTEN_BACKLOG 511), src/core/ngx_conf_file.c; CHANGES 1.29.7 (keepalive to upstreams by
 * default). */
#include <fnmatch.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "probes/plan/document.h"
#include "probes/plan/tool/tools.h"

enum {
	WORDS_MAX = 64,
	NESTING_MAX = 32,
	FILES_MAX = 2000,
	TARGETS_MAX = 5000,
	WORKER_CONNECTIONS = 512,
	BACKLOG = 511,
	FDS_OWN = 10,
	KEEPALIVE_VERSION = 1029007,
	INCLUDES_DEEP = 16,
	BYTES_MAX = 64 << 20
};

struct nginx {
	const struct plan_context *context;
	const struct plan_command *command;
	struct plan *plan;
	struct arena *arena;
	struct error *err;
	const char *prefix; /* relative names start here; NULL: where the main file is */
	const char *block[NESTING_MAX];
	size_t depth, files, nesting, bytes;
	double workers, per_worker, rlimit, backlog, version; /* NAN: not said */
	const char *workers_from, *per_worker_from, *rlimit_from, *proxy_from, *keepalive_from,
			*bind_from;
	double listeners, logs;
	bool proxies, http11;
	const char **targets;
	size_t target_count;
};

struct place {
	const char *path, *at, *end;
	size_t line;
};

static const char *nginx_where(const struct nginx *n, const struct place *place)
{
	return arena_printf(n->arena, "%s:%zu", place->path, place->line);
}

static bool nginx_refuse(struct nginx *n, const struct place *place, const char *what)
{
	return error_set(n->err, "%s:%zu: %s", place->path, place->line, what);
}

/* One word, quoted or not; '\0' as *ret_end after the end of the file (ngx_conf_read_token()). */
static bool nginx_next_word(struct nginx *n,
		struct place *place,
		const char **ret_word,
		char *ret_end)
{
	*ret_word = NULL;
	for (;; place->at++) {
		if (place->at < place->end && *place->at == '#')
			while (place->at < place->end && *place->at != '\n')
				place->at++;
		if (place->at >= place->end || !strchr(" \t\r\n", *place->at))
			break;
		place->line += *place->at == '\n';
	}
	if (place->at >= place->end || strchr(";{}", *place->at)) {
		*ret_end = '\0';
		if (place->at < place->end) {
			*ret_end = *place->at;
			place->at++;
		}
		return true;
	}
	const char *start = place->at;
	char quote = *start == '"' || *start == '\'' ? *start : '\0';
	for (place->at += quote != 0; place->at < place->end; place->at++) {
		if (quote ? *place->at == quote
				  : strchr(" \t\r\n;", *place->at) || (*place->at == '{' && place->at[-1] != '$'))
			break;
		place->line += *place->at == '\n';
		place->at += *place->at == '\\' && place->at + 1 < place->end;
	}
	if (place->at > place->end)
		place->at = place->end;
	if (quote && place->at == place->end)
		return nginx_refuse(n, place, "a quoted text does not end");
	*ret_word =
			arena_copy(n->arena, start + (quote != 0), (size_t)(place->at - start) - (quote != 0));
	place->at += quote != 0;
	return true;
}

static bool nginx_number(struct nginx *n,
		const struct place *place,
		const char *name,
		const char *text,
		double *ret)
{
	struct error inner;
	if (!text)
		return nginx_refuse(n, place, arena_printf(n->arena, "%s needs a number", name));
	return quantity_read(text, &quantity_count, ret, &inner) ||
			nginx_refuse(n, place, arena_printf(n->arena, "%s: %s", name, inner.text));
}

static bool inside(const struct nginx *n, const char *block)
{
	for (size_t i = 0; i < n->depth; i++)
		if (strcmp(n->block[i], block) == 0)
			return true;
	return false;
}

static void nginx_add_target(struct nginx *n, const char *address)
{
	struct error ignored;
	const char *target = text_begins_with(address, "unix:") || strchr(address, '$')
			? NULL
			: plan_url_target(n->arena, address, &ignored);
	if (!target || n->target_count == TARGETS_MAX)
		return;
	if (!n->targets)
		n->targets = arena_alloc(n->arena, TARGETS_MAX * sizeof *n->targets);
	n->targets[n->target_count++] = target;
}

static bool on_listen(struct nginx *n, const struct place *place, const char *const *words)
{
	n->listeners++;
	for (size_t i = 2; words[1] && words[i]; i++) {
		double backlog;
		if (!text_begins_with(words[i], "backlog="))
			continue;
		if (!nginx_number(n, place, "backlog", words[i] + 8, &backlog))
			return false;
		if (!isnan(n->backlog))
			backlog = fmin(n->backlog, backlog);
		n->backlog = backlog;
	}
	return true;
}

/* The upstream's name stands in the pass directive; its servers are counted where they are listed.
 */
static void on_pass(struct nginx *n, const struct place *place, const char *const *words)
{
	n->proxies = true;
	n->proxy_from = n->proxy_from ? n->proxy_from : nginx_where(n, place);
	const char *slashes = words[1] ? strstr(words[1], "://") : NULL;
	const char *host = slashes ? slashes + 3 : words[1];
	if (host && (memchr(host, ':', strcspn(host, "/")) || memchr(host, '.', strcspn(host, "/"))))
		nginx_add_target(n, words[1]);
}

static bool nginx_read_path(struct nginx *n, const char *path, const char *named_by);

static const char *full_path(const struct nginx *n, const char *path)
{
	return *path == '/' || !n->prefix ? path : arena_printf(n->arena, "%s/%s", n->prefix, path);
}

/* include FILE or a pattern, whose names are taken in order. A pattern that fits nothing is no
 * error (glob(3)). */
static bool on_include(struct nginx *n, const struct place *place, const char *pattern)
{
	const char *path = pattern ? full_path(n, pattern) : NULL;
	if (!path)
		return nginx_refuse(n, place, "include needs a file");
	if (++n->files > FILES_MAX)
		return nginx_refuse(n, place, "too many included files (does one include itself?)");
	if (!strpbrk(path, "*?["))
		return nginx_read_path(n, path, nginx_where(n, place));
	const char *slash = strrchr(path, '/');
	const char *directory = slash ? arena_copy(n->arena, path, (size_t)(slash - path)) : ".";
	const char *name = slash ? slash + 1 : path;
	const char *cwd = n->command->vantage.cwd;
	struct name_list names;
	if (strpbrk(directory, "*?["))
		return nginx_refuse(n,
				place,
				"a pattern in a directory's name is not read; give the numbers as flags");
	if (!n->context->list ||
			!n->context->list(n->context,
					*directory == '/' || !cwd ? directory
											  : arena_printf(n->arena, "%s/%s", cwd, directory),
					&names))
		return true;
	for (size_t i = 0; i < names.count; i++) {
		if (fnmatch(name, names.items[i], FNM_PERIOD) == 0 &&
				!nginx_read_path(n,
						arena_printf(n->arena, "%s/%s", directory, names.items[i]),
						nginx_where(n, place)))
			return false;
	}
	return true;
}

static bool on_directive(struct nginx *n, const struct place *place, const char *const *words)
{
	const char *name = words[0];
	if (strcmp(name, "include") == 0)
		return on_include(n, place, words[1]);
	if (strcmp(name, "worker_processes") == 0) {
		n->workers_from = nginx_where(n, place);
		return (words[1] && strcmp(words[1], "auto") == 0) ||
				nginx_number(n, place, name, words[1], &n->workers);
	}
	if (strcmp(name, "worker_connections") == 0) {
		n->per_worker_from = nginx_where(n, place);
		return nginx_number(n, place, name, words[1], &n->per_worker);
	}
	if (strcmp(name, "worker_rlimit_nofile") == 0) {
		n->rlimit_from = nginx_where(n, place);
		return nginx_number(n, place, name, words[1], &n->rlimit);
	}
	if (strcmp(name, "listen") == 0)
		return on_listen(n, place, words);
	if (strcmp(name, "access_log") == 0 || strcmp(name, "error_log") == 0)
		n->logs += !words[1] || strcmp(words[1], "off") != 0;
	else if (text_ends_with(name, "_pass"))
		on_pass(n, place, words);
	else if (strcmp(name, "server") == 0 && words[1] && inside(n, "upstream"))
		nginx_add_target(n, words[1]);
	else if (strcmp(name, "keepalive") == 0 && inside(n, "upstream"))
		n->keepalive_from = nginx_where(n, place);
	else if (strcmp(name, "proxy_http_version") == 0)
		n->http11 |= words[1] && strcmp(words[1], "1.0") != 0;
	else if (strcmp(name, "proxy_bind") == 0)
		n->bind_from = nginx_where(n, place);
	return true;
}

/* Lua and the like hold text that is not nginx's own. */
static bool skip_block(struct nginx *n, struct place *place)
{
	for (size_t depth = 1; place->at < place->end; place->at++) {
		place->line += *place->at == '\n';
		depth += *place->at == '{';
		depth -= *place->at == '}';
		if (!depth) {
			place->at++;
			return true;
		}
	}
	return nginx_refuse(n, place, "a block does not end");
}

static bool open_block(struct nginx *n, struct place *place, const char *name)
{
	if (!name)
		return nginx_refuse(n, place, "\"{\" without a name");
	if (strstr(name, "_by_lua_block"))
		return skip_block(n, place);
	if (n->depth == NESTING_MAX)
		return nginx_refuse(n, place, "nested too deep");
	n->block[n->depth++] = name;
	return true;
}

static bool read_statements(struct nginx *n, struct place *place)
{
	const char *words[WORDS_MAX + 1];
	size_t count = 0, floor_depth = n->depth;
	for (;;) {
		const char *word;
		char end = '\0';
		if (!nginx_next_word(n, place, &word, &end))
			return false;
		if (word) {
			if (count < WORDS_MAX)
				words[count++] = word;
			continue;
		}
		words[count] = NULL;
		if (end == '\0')
			return (count == 0 && n->depth == floor_depth) ||
					nginx_refuse(n, place, "the file ends inside a block or directive");
		if (end == ';' && count && !on_directive(n, place, words))
			return false;
		if (end == '{' && !open_block(n, place, count ? words[0] : NULL))
			return false;
		if (end == '}' && (count || n->depth == floor_depth))
			return nginx_refuse(n, place, "unexpected \"}\"");
		if (end == '}')
			n->depth--;
		count = 0;
	}
}

static bool nginx_read_path(struct nginx *n, const char *path, const char *named_by)
{
	const char *bytes;
	size_t length;
	if (n->nesting == INCLUDES_DEEP)
		return error_set(n->err,
				"%s: %s is included too deep (does a file include itself?)",
				named_by,
				path);
	if (!plan_file(n->context, n->command, path, named_by, &bytes, &length, n->err))
		return false;
	n->bytes += length;
	if (n->bytes > BYTES_MAX)
		return error_set(n->err, "%s: more than %d MiB of configuration", path, BYTES_MAX >> 20);
	struct place place = {.path = path, .at = bytes, .end = bytes + length, .line = 1};
	n->nesting++;
	bool good = read_statements(n, &place);
	n->nesting--;
	return good;
}

/* "nginx/1.22.1" as 1022001, and the path of the configuration it was built with. */
static void ask_nginx(struct nginx *n, const char **ret_path)
{
	const char *const argv[] = {n->command->words[0], "-V", NULL};
	const char *output;
	bool found = false;
	struct error ignored;
	if (n->context->no_run || !n->context->run || !plan_sees_host(n->context, n->command) ||
			!n->context->run(n->context,
					argv,
					NULL,
					n->command->vantage.cwd,
					true,
					&output,
					&found,
					&ignored) ||
			!found)
		return;
	const char *version = strstr(output, "nginx/"), *path = strstr(output, "--conf-path=");
	char *end = NULL;
	if (version) {
		n->version = strtod(version + 6, NULL) >= 1 ? 1e6 * (double)strtol(version + 6, &end, 10)
													: 0;
		n->version += n->version > 0 && end && *end == '.' ? 1e3 * (double)strtol(end + 1, &end, 10)
														   : 0;
		n->version += n->version > 0 && end && *end == '.' ? (double)strtol(end + 1, &end, 10) : 0;
	}
	if (path)
		*ret_path = arena_copy(n->arena, path + 12, strcspn(path + 12, " \n'"));
}

/* -c FILE -p PREFIX -g DIRECTIVES -e FILE -s SIGNAL -t -T -q -v -V (src/core/nginx.c,
 * ngx_get_options()). */
static bool nginx_read_arguments(struct nginx *n, const char **ret_path, const char **ret_extra)
{
	const char *const *words = n->command->words;
	for (size_t i = 1; i < n->command->count; i++) {
		const char *word = words[i];
		if (*word != '-' || !word[1])
			return error_set(n->err, "nginx: \"%.60s\" is no option", word);
		for (const char *letter = word + 1; *letter; letter++) {
			if (strchr("tTqvV?h", *letter))
				continue;
			if (!strchr("cpges", *letter))
				return error_set(n->err, "nginx has no option -%c", *letter);
			const char *value = letter[1]       ? letter + 1
					: i + 1 < n->command->count ? words[++i]
												: NULL;
			if (!value)
				return error_set(n->err, "nginx: -%c needs an argument", *letter);
			if (*letter == 's')
				return error_set(n->err,
						"nginx: -s %.20s talks to a running nginx; audit that one with --pid",
						value);
			if (*letter == 'c')
				*ret_path = value;
			else if (*letter == 'p')
				n->prefix = value;
			else if (*letter == 'g')
				*ret_extra = value;
			break;
		}
	}
	return true;
}

static double workers(const struct nginx *n, const char **ret_from)
{
	double processors = n->plan->vantage.processors > 0 ? n->plan->vantage.processors
														: n->context->processors;
	bool automatic = n->workers_from && isnan(n->workers);
	*ret_from = n->workers_from ? n->workers_from : "worker_processes: nginx's default";
	if (!automatic)
		return isnan(n->workers) || n->workers < 1 ? 1 : n->workers;
	*ret_from = arena_printf(n->arena, "%s: auto, one per processor", n->workers_from);
	if (!isnan(processors))
		return processors;
	plan_ask(n->plan,
			n->context,
			"nginx starts a worker per processor, and how many that host has is not known",
			W_PROCESSES,
			WORKLOAD_FIELDS);
	return plan_given(n->context, W_PROCESSES);
}

/* Connections to upstreams are kept where the configuration says so, or since 1.29.7. */
static void nginx_set_upstream(struct nginx *n, double live)
{
	struct plan *plan = n->plan;
	bool kept = n->version >= KEEPALIVE_VERSION || (n->keepalive_from && n->http11);
	plan_number(plan,
			W_UP_CONNECTIONS,
			live,
			CONFIDENCE_BOUND,
			"one connection to an upstream per connection");
	plan_choice(plan,
			W_BIND,
			n->bind_from ? "noport" : "none",
			CONFIDENCE_EXACT,
			n->bind_from ? n->bind_from : "no proxy_bind");
	if (n->target_count) {
		struct workload_value value = {.set = true,
				.confidence = CONFIDENCE_EXACT,
				.from = n->proxy_from};
		workload_set_list(n->arena, &value, n->targets, n->target_count);
		plan->workload.values[W_UP_DESTINATIONS] = value;
	}
	if (kept) {
		plan_choice(plan,
				W_UP_CLOSER,
				"client",
				CONFIDENCE_ESTIMATE,
				n->keepalive_from ? n->keepalive_from
								  : "nginx 1.29.7 and later keep upstream connections");
		return;
	}
	double requests = plan_given(n->context, W_REQUESTS);
	if (n->http11)
		plan_choice(plan, W_TOOL, "nginx-http11", CONFIDENCE_EXACT, "proxy_http_version");
	plan_choice(plan,
			W_UP_CLOSER,
			"server",
			CONFIDENCE_ESTIMATE,
			"no keepalive to upstreams: the upstream closes (likely)");
	plan_find(plan,
			"plan-nginx-keepalive",
			"warning",
			n->proxy_from,
			"Every proxied request opens a new connection to the upstream: no keepalive with "
			"proxy_http_version 1.1 "
			"in the configuration, and nginx before 1.29.7 (or of a version not known here) keeps "
			"none by itself.");
	if (!isnan(requests))
		plan_number(plan,
				W_UP_OPEN_RATE,
				requests,
				CONFIDENCE_EXACT,
				"--requests: each opens an upstream connection");
	plan_ask(plan,
			n->context,
			"every proxied request opens an upstream connection: how many are there each second",
			W_UP_OPEN_RATE,
			W_REQUESTS,
			WORKLOAD_FIELDS);
}

static void nginx_set_plan(struct nginx *n)
{
	struct plan *plan = n->plan;
	const char *workers_from,
			*per_from = n->per_worker_from ? n->per_worker_from : "nginx's default of 512";
	double count = workers(n, &workers_from),
		   per_worker = isnan(n->per_worker) ? WORKER_CONNECTIONS : n->per_worker;
	double live = count * per_worker;
	if (n->proxies)
		live = floor(live / 2);
	plan_choice(plan,
			W_ROLE,
			n->proxies ? "proxy" : "server",
			CONFIDENCE_EXACT,
			n->proxies ? n->proxy_from : "no proxy_pass or the like");
	if (isnan(count))
		return; /* asked for */
	plan_number(plan,
			W_CONNECTIONS,
			live,
			CONFIDENCE_BOUND,
			arena_printf(n->arena,
					"%s: %g workers × %g%s",
					per_from,
					count,
					per_worker,
					n->proxies ? " ÷ 2 sides" : ""));
	plan_number(plan, W_MAX_CONNECTIONS, live, CONFIDENCE_BOUND, per_from);
	plan_number(plan, W_PROCESSES, count, CONFIDENCE_EXACT, workers_from);
	plan_number(plan, W_FDS_PER_CONNECTION, 1, CONFIDENCE_EXACT, "one socket each");
	plan_number(plan,
			W_FDS_BASE,
			FDS_OWN + fmax(1, n->listeners) + n->logs + 2 * count,
			CONFIDENCE_ESTIMATE,
			"listeners, logs and channels to the other workers");
	if (isnan(n->rlimit))
		plan_choice(plan, W_NOFILE, "soft", CONFIDENCE_EXACT, "no worker_rlimit_nofile");
	else
		plan_number(plan, W_NOFILE, n->rlimit, CONFIDENCE_EXACT, n->rlimit_from);
	plan_number(plan,
			W_BACKLOG,
			isnan(n->backlog) ? BACKLOG : n->backlog,
			CONFIDENCE_EXACT,
			isnan(n->backlog) ? "nginx listens with 511" : "listen … backlog=");
	if (n->proxies)
		nginx_set_upstream(n, live);
}

static bool read_nginx(const struct plan_context *context,
		const struct plan_command *command,
		struct plan *plan,
		struct error *err)
{
	struct nginx *n = arena_alloc(plan->arena, sizeof *n);
	const char *path = NULL, *extra = NULL, *built_in = "/etc/nginx/nginx.conf";
	*n = (struct nginx){.context = context,
			.command = command,
			.plan = plan,
			.arena = plan->arena,
			.err = err,
			.workers = NAN,
			.per_worker = NAN,
			.rlimit = NAN,
			.backlog = NAN,
			.version = NAN};
	if (!nginx_read_arguments(n, &path, &extra))
		return false;
	if (!path && context->elsewhere)
		return error_set(err,
				"nginx: the configuration that nginx finds on the other host is not here; name a "
				"copy of it with -c FILE");
	ask_nginx(n, &built_in);
	path = full_path(n, path ? path : built_in);
	const char *slash = strrchr(path, '/');
	n->prefix = slash ? arena_copy(plan->arena, path, (size_t)(slash - path)) : NULL;
	struct place words = {.path = "-g",
			.at = extra,
			.end = extra ? extra + strlen(extra) : NULL,
			.line = 1};
	if ((extra && !read_statements(n, &words)) || !nginx_read_path(n, path, "-c"))
		return false;
	nginx_set_plan(n);
	return true;
}

/* -t and -T check the configuration, -v and -V tell the version. */
static bool nginx_serves(const struct plan_command *command)
{
	for (size_t i = 1; i < command->count; i++) {
		const char *word = command->words[i];
		if (word[0] == '-' && word[1] && strspn(word + 1, "tTqvVh?") == strlen(word + 1) &&
				strcmp(word, "-q") != 0)
			return false;
	}
	return true;
}

static const char *const programs[] = {"nginx", NULL};
static const char *const images[] = {"nginx", NULL};
const struct plan_reader plan_reader_nginx = {
		.tool = "nginx",
		.programs = programs,
		.images = images,
		.runtime = "native",
		.role = "server",
		.read = read_nginx,
		.loads = nginx_serves,
		.help = "the file of -c and what it includes: workers, worker_connections, "
				"worker_rlimit_nofile, upstreams",
};
