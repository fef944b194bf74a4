/* HAProxy: what its configuration lets in, and the descriptors it will ask for. maxconn is what it
 * accepts at most, so the plan is a bound. Conditions (.if) are read as if all held. Sources:
 * doc/configuration.txt (3.1, 4.1, 5.2), src/limits.c compute_ideal_maxsock(), src/proto_tcp.c. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "probes/plan/document.h"
#include "probes/plan/tool/tools.h"

enum {
	WORDS_MAX = 128,
	FILES_MAX = 64,
	TARGETS_MAX = 10000,
	SOCKETS_OWN = 10,
	SOCKETS_PER_THREAD = 3,
	CLI_MAX = 10
};

enum section {
	NOWHERE,
	IN_GLOBAL,
	IN_DEFAULTS,
	IN_PROXY,
	IN_PEERS,
	ELSEWHERE
};

struct proxy {
	bool frontend, backend, tcp;
	double maxconn; /* NAN: not set */
	double listeners, servers, servers_maxconn;
	bool all_limited; /* every server has its maxconn */
	double backlog;
};

struct haproxy {
	const struct plan_context *context;
	const struct plan_command *command;
	struct plan *plan;
	struct arena *arena;
	struct error *err;
	const char *files[FILES_MAX];
	size_t file_count;
	double maxconn;       /* -n, or that of the global section; NAN: neither */
	double proxy_maxconn; /* -N: of frontends that set none; NAN: not given */
	const char *maxconn_from;
	double threads, ulimit_n;
	const char *threads_from, *ulimit_from;
	double maxpipes, cli, peers, checks;
	bool splice, any_tcp, any_http, source, source_range;
	const char *source_from;
	struct proxy defaults, now;
	enum section section;
	double frontends, frontends_maxconn, listeners, servers_maxconn, backlog;
	bool frontends_limited, servers_limited;
	const char **targets;
	size_t target_count;
	double servers; /* with templates */
	const char *servers_from;
	const char *file;
	size_t line;
};

static const char *haproxy_where(const struct haproxy *h)
{
	return arena_printf(h->arena, "%s:%zu", h->file, h->line);
}

static bool haproxy_refuse(struct haproxy *h, const char *what, const char *word)
{
	return error_set(h->err, "%s:%zu: %s \"%.60s\"", h->file, h->line, what, word);
}

/* "${NAME}" or "$NAME" inside quotes: the variable, or its default "${NAME-5}". */
static const char *haproxy_variable(const struct haproxy *h, const char **at)
{
	bool braced = (*at)[1] == '{';
	const char *name = *at + 1 + braced;
	size_t length = strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_");
	const char *value =
			plan_variable(h->context, h->command, arena_copy(h->arena, name, length), h->plan);
	*at = name + length;
	if (braced && **at == '-') {
		size_t other = strcspn(*at + 1, "}");
		if (!value)
			value = arena_copy(h->arena, *at + 1, other);
		*at += 1 + other;
	}
	if (braced && **at == '}')
		++*at;
	return value ? value : "";
}

/* The words of a line: quotes, backslashes, comments (doc/configuration.txt 2.2). */
static size_t split(struct haproxy *h,
		const char *line,
		size_t length,
		const char *words[WORDS_MAX])
{
	struct text word = {0};
	size_t count = 0;
	char quote = '\0';
	bool inside = false;
	const char *copy = arena_copy(h->arena, line, length);
	for (const char *at = copy;; at++) {
		bool blank = *at == '\0' || strchr(" \t\r", *at) || *at == '#';
		if (!quote && blank) {
			if (inside && count < WORDS_MAX - 1)
				words[count++] = arena_copy(h->arena, text_string(&word), word.length);
			text_clear(&word);
			inside = false;
			if (*at == '\0' || *at == '#')
				break;
			continue;
		}
		if (*at == '\0')
			break;
		inside = true;
		if (*at == quote) {
			quote = '\0';
		} else if (!quote && (*at == '"' || *at == '\'')) {
			quote = *at;
		} else if (*at == '$' && quote == '"') {
			text_add(&word, haproxy_variable(h, &at));
			at--;
		} else {
			if (*at == '\\' && quote != '\'' && at[1])
				at++;
			text_add_bytes(&word, at, 1);
		}
	}
	text_release(&word);
	words[count] = NULL;
	return count;
}

static bool haproxy_number(struct haproxy *h, const char *name, const char *text, double *ret)
{
	struct error inner;
	if (!text)
		return haproxy_refuse(h, "a number is missing after", name);
	return quantity_read(text, &quantity_count, ret, &inner) ||
			error_set(h->err, "%s:%zu: %s: %s", h->file, h->line, name, inner.text);
}

static bool global_line(struct haproxy *h, const char *const *words)
{
	if (strcmp(words[0], "maxconn") == 0) {
		h->maxconn_from = haproxy_where(h);
		return haproxy_number(h, words[0], words[1], &h->maxconn);
	}
	if (strcmp(words[0], "nbthread") == 0) {
		h->threads_from = haproxy_where(h);
		return haproxy_number(h, words[0], words[1], &h->threads);
	}
	if (strcmp(words[0], "ulimit-n") == 0) {
		h->ulimit_from = haproxy_where(h);
		return haproxy_number(h, words[0], words[1], &h->ulimit_n);
	}
	if (strcmp(words[0], "maxpipes") == 0)
		return haproxy_number(h, words[0], words[1], &h->maxpipes);
	if (strcmp(words[0], "stats") == 0 && words[1] && strcmp(words[1], "socket") == 0) {
		h->cli = fmax(h->cli, CLI_MAX);
		h->listeners++;
	}
	if (strcmp(words[0], "stats") == 0 && words[1] && strcmp(words[1], "maxconn") == 0)
		return haproxy_number(h, "stats maxconn", words[2], &h->cli);
	return true;
}

/* Listeners of "bind :80,:443" and of a range "bind :8000-8009". */
static double count_listeners(const char *text)
{
	double count = 0;
	while (*text) {
		size_t length = strcspn(text, ",");
		const char *colon = memchr(text, ':', length),
				   *dash = colon ? memchr(colon, '-', length - (size_t)(colon - text)) : NULL;
		double width = dash ? strtod(dash + 1, NULL) - strtod(colon + 1, NULL) + 1 : 1;
		count += width >= 1 && width <= 65536 ? width : 1;
		text += length + (text[length] == ',');
	}
	return count;
}

static void haproxy_add_target(struct haproxy *h, const char *address)
{
	struct error ignored;
	const char *target = text_begins_with(address, "unix@") || *address == '/'
			? NULL
			: plan_url_target(h->arena, address, &ignored);
	h->servers_from = h->servers_from ? h->servers_from : haproxy_where(h);
	h->servers++;
	if (!target || h->target_count == TARGETS_MAX)
		return;
	if (!h->targets)
		h->targets = arena_alloc(h->arena, TARGETS_MAX * sizeof *h->targets);
	h->targets[h->target_count++] = target;
}

static void note_source(struct haproxy *h, const char *address)
{
	h->source = true;
	h->source_range |= strchr(address, '-') != NULL;
	h->source_from = haproxy_where(h);
}

static bool server_line(struct haproxy *h, const char *const *words, size_t count, bool template)
{
	size_t at = template ? 3 : 2;
	double limit = NAN, many = 1;
	if (count <= at)
		return haproxy_refuse(h, "no address in", words[0]);
	if (template) {
		const char *dash = strchr(words[2], '-');
		many = dash ? strtod(dash + 1, NULL) - strtod(words[2], NULL) + 1 : strtod(words[2], NULL);
		many = many >= 1 && many <= TARGETS_MAX ? floor(many) : 1;
	}
	haproxy_add_target(h, words[at]);
	h->servers += many > 1 ? many - 1 : 0;
	for (size_t i = at + 1; i < count && words[i]; i++) {
		if (strcmp(words[i], "maxconn") == 0 && !haproxy_number(h, "maxconn", words[i + 1], &limit))
			return false;
		if (strcmp(words[i], "check") == 0)
			h->checks += fmax(1, many);
		if (strcmp(words[i], "agent-check") == 0)
			h->checks += 2 * fmax(1, many);
		if (strcmp(words[i], "source") == 0 && words[i + 1])
			note_source(h, words[i + 1]);
	}
	h->now.servers += fmax(1, many);
	if (isnan(limit) || limit <= 0)
		h->now.all_limited = false;
	else
		h->now.servers_maxconn += limit * fmax(1, many);
	return true;
}

static bool proxy_line(struct haproxy *h, const char *const *words, size_t count)
{
	struct proxy *p = h->section == IN_DEFAULTS ? &h->defaults : &h->now;
	if (strcmp(words[0], "mode") == 0)
		p->tcp = words[1] && strcmp(words[1], "tcp") == 0;
	else if (strcmp(words[0], "maxconn") == 0)
		return haproxy_number(h, words[0], words[1], &p->maxconn);
	else if (strcmp(words[0], "backlog") == 0)
		return haproxy_number(h, words[0], words[1], &p->backlog);
	else if (strcmp(words[0], "bind") == 0 && count > 1)
		p->listeners += count_listeners(words[1]);
	else if (strcmp(words[0], "server") == 0)
		return server_line(h, words, count, false);
	else if (strcmp(words[0], "server-template") == 0)
		return server_line(h, words, count, true);
	else if (strcmp(words[0], "source") == 0 && count > 1)
		note_source(h, words[1]);
	else if (strcmp(words[0], "option") == 0 && count > 1 && text_begins_with(words[1], "splice-"))
		h->splice = true;
	return true;
}

/* What the section that ends adds to the whole. */
static void end_section(struct haproxy *h)
{
	struct proxy *p = &h->now;
	if (h->section != IN_PROXY)
		return;
	h->any_tcp |= p->tcp && p->backend;
	h->any_http |= !p->tcp && p->backend;
	h->listeners += p->listeners;
	if (p->frontend) {
		h->frontends++;
		h->frontends_limited &= !isnan(p->maxconn);
		h->frontends_maxconn += isnan(p->maxconn) ? 0 : p->maxconn;
		h->backlog = isnan(p->backlog) ? h->backlog
									   : fmax(isnan(h->backlog) ? 0 : h->backlog, p->backlog);
	}
	if (p->backend && p->servers > 0) {
		h->servers_limited &= p->all_limited;
		h->servers_maxconn += p->servers_maxconn;
	}
}

/* What every defaults section starts from (src/proxy.c, proxy_preset_defaults()): -N is the default
 * of maxconn, and 0 means that only the global maxconn counts. */
static void haproxy_set_defaults(struct haproxy *h)
{
	h->defaults = (struct proxy){.maxconn = NAN, .backlog = NAN};
	if (h->proxy_maxconn > 0)
		h->defaults.maxconn = h->proxy_maxconn;
}

static bool section_line(struct haproxy *h, const char *word)
{
	static const struct {
		const char *name;
		enum section section;
		bool frontend, backend;
	} sections[] = {
			{"global", IN_GLOBAL, false, false},
			{"defaults", IN_DEFAULTS, false, false},
			{"frontend", IN_PROXY, true, false},
			{"backend", IN_PROXY, false, true},
			{"listen", IN_PROXY, true, true},
			{"peers", IN_PEERS, false, false},
			{"resolvers", ELSEWHERE, false, false},
			{"userlist", ELSEWHERE, false, false},
			{"mailers", ELSEWHERE, false, false},
			{"program", ELSEWHERE, false, false},
			{"cache", ELSEWHERE, false, false},
			{"http-errors", ELSEWHERE, false, false},
			{"ring", ELSEWHERE, false, false},
			{"log-forward", ELSEWHERE, false, false},
			{"fcgi-app", ELSEWHERE, false, false},
			{"crt-store", ELSEWHERE, false, false},
			{"traces", ELSEWHERE, false, false},
			{"acme", ELSEWHERE, false, false},
			{"log-profile", ELSEWHERE, false, false},
	};
	for (size_t i = 0; i < COUNT_OF(sections); i++) {
		if (strcmp(sections[i].name, word) != 0)
			continue;
		end_section(h);
		if (sections[i].section == IN_DEFAULTS)
			haproxy_set_defaults(h);
		h->now = h->defaults;
		h->now.frontend = sections[i].frontend;
		h->now.backend = sections[i].backend;
		h->now.listeners = 0;
		h->now.all_limited = true;
		h->section = sections[i].section;
		return true;
	}
	return false;
}

static bool haproxy_read_line(struct haproxy *h, const char *const *words, size_t count)
{
	if (*words[0] == '.' || section_line(h, words[0]))
		return true;
	switch (h->section) {
	case NOWHERE:
		return haproxy_refuse(h, "outside any section:", words[0]);
	case IN_GLOBAL:
		return global_line(h, words);
	case IN_DEFAULTS:
	case IN_PROXY:
		return proxy_line(h, words, count);
	case IN_PEERS:
		h->peers += strcmp(words[0], "peer") == 0 || strcmp(words[0], "server") == 0;
		break;
	case ELSEWHERE:
		break;
	}
	return true;
}

static bool haproxy_read_file(struct haproxy *h, const char *path)
{
	const char *bytes, *words[WORDS_MAX];
	size_t length;
	if (!plan_file(h->context, h->command, path, "-f", &bytes, &length, h->err))
		return false;
	h->file = path;
	h->line = 0;
	for (const char *at = bytes, *end = bytes + length; at < end;) {
		const char *stop = memchr(at, '\n', (size_t)(end - at));
		h->line++;
		size_t count = split(h, at, (size_t)((stop ? stop : end) - at), words);
		if (count && !haproxy_read_line(h, words, count))
			return false;
		at = stop ? stop + 1 : end;
	}
	return true;
}

/* -f DIR takes the *.cfg files in it, in order of their names. */
static bool haproxy_add_files(struct haproxy *h, const char *path)
{
	const char *cwd = h->command->vantage.cwd;
	const char *seen = *path != '/' && cwd ? arena_printf(h->arena, "%s/%s", cwd, path) : path;
	struct name_list names;
	if (h->command->vantage.container || !h->context->list ||
			!h->context->list(h->context, seen, &names)) {
		if (h->file_count == FILES_MAX)
			return error_set(h->err, "haproxy: more than %d configuration files", FILES_MAX);
		h->files[h->file_count++] = path;
		return true;
	}
	for (size_t i = 0; i < names.count; i++) {
		if (*names.items[i] == '.' || !text_ends_with(names.items[i], ".cfg"))
			continue;
		if (h->file_count == FILES_MAX)
			return error_set(h->err, "haproxy: more than %d configuration files", FILES_MAX);
		h->files[h->file_count++] = arena_printf(h->arena, "%s/%s", path, names.items[i]);
	}
	return h->file_count > 0 || error_set(h->err, "-f: %s: no *.cfg file in this directory", path);
}

/* src/haproxy.c, init_args(): single letters, with their value in the next word. */
static bool haproxy_read_arguments(struct haproxy *h)
{
	const char *const *words = h->command->words;
	struct error inner;
	for (size_t i = 1; i < h->command->count; i++) {
		const char *word = words[i];
		bool more = i + 1 < h->command->count;
		if (strcmp(word, "--") == 0) {
			while (++i < h->command->count)
				if (!haproxy_add_files(h, words[i]))
					return false;
			break;
		}
		if (strcmp(word, "-sf") == 0 || strcmp(word, "-st") == 0) {
			while (i + 1 < h->command->count && *words[i + 1] != '-')
				i++;
		} else if (word[0] != '-' || !word[1]) {
			return error_set(h->err, "haproxy: \"%.60s\" is no option", word);
		} else if (strchr("dDWqVcvGM", word[1])) {
			continue;
		} else if (!strchr("fCnNmpLxS", word[1]) || word[2]) {
			return error_set(h->err, "haproxy has no option %.40s", word);
		} else if (!more) {
			return error_set(h->err, "haproxy: %s needs an argument", word);
		} else if (word[1] == 'f') {
			if (!haproxy_add_files(h, words[++i]))
				return false;
		} else if (word[1] == 'n' || word[1] == 'N') {
			double *to = word[1] == 'n' ? &h->maxconn : &h->proxy_maxconn;
			if (!quantity_read(words[++i], &quantity_count, to, &inner))
				return error_set(h->err, "haproxy: %s %.40s: %s", word, words[i], inner.text);
			if (word[1] == 'n')
				h->maxconn_from = arena_printf(h->arena, "-n %s", words[i]);
		} else {
			i++;
		}
	}
	if (!h->file_count && h->command->vantage.container) /* what the image's command names */
		return haproxy_add_files(h, "/usr/local/etc/haproxy/haproxy.cfg");
	return h->file_count > 0 || error_set(h->err, "haproxy: no configuration: -f FILE");
}

/* The most connections to servers while so many clients are connected. */
static double haproxy_upstream(const struct haproxy *h, double live, const char **ret_from)
{
	*ret_from = "one connection to a server per connection";
	if (h->servers <= 0 || !h->servers_limited)
		return live;
	if (h->servers_maxconn >= live)
		return live;
	*ret_from = "sum of the servers' maxconn";
	return h->servers_maxconn;
}

/* The descriptors beside one per connection of a side, compute_ideal_maxsock(): 10 + listeners +
 * checks (2 for an agent's) + the CLI's connections + 3 per peer and 1 + 2 × maxpipes + 3 ×
 * nbthread. Measured with 2.6.12, which names the sum when it does not get it
 * (tests/live/plan_files.sh). */
static void set_descriptors(struct haproxy *h, double live)
{
	struct plan *plan = h->plan;
	double threads = h->threads,
		   processors = plan->vantage.processors > 0 ? plan->vantage.processors
													 : h->context->processors;
	const char *from = h->threads_from;
	if (isnan(threads)) {
		threads = isnan(processors)
				? 64
				: fmin(processors, 64); /* MAX_THREADS, include/haproxy/defaults.h */
		from = isnan(processors) ? "nbthread: 64 at most" : "nbthread: one per processor";
	}
	double pipes = !h->splice ? 0 : !isnan(h->maxpipes) ? h->maxpipes : floor(live / 4);
	double own = SOCKETS_OWN + h->listeners + h->checks + h->cli +
			(h->peers > 0 ? 3 * h->peers + 1 : 0) + 2 * pipes + SOCKETS_PER_THREAD * threads;
	const char *ignored;
	double spare = isnan(h->maxconn) /* two for each of maxconn, used or not */
			? 0
			: fmax(0, 2 * h->maxconn - live - haproxy_upstream(h, live, &ignored));
	own += spare;
	plan_number(plan,
			W_THREADS,
			threads,
			h->threads_from ? CONFIDENCE_EXACT : CONFIDENCE_ESTIMATE,
			from);
	plan_number(plan,
			W_FDS_BASE,
			own,
			h->threads_from ? CONFIDENCE_EXACT : CONFIDENCE_ESTIMATE,
			arena_printf(h->arena,
					"10 + %g listeners + %g for checks + %g for the CLI + 3 × %g threads%s%s%s",
					h->listeners,
					h->checks,
					h->cli,
					threads,
					h->peers > 0 ? " + peers" : "",
					pipes > 0 ? " + pipes for splicing" : "",
					spare > 0 ? " + what maxconn reserves beyond the plan" : ""));
	plan_number(plan, W_FDS_PER_CONNECTION, 1, CONFIDENCE_EXACT, "one socket each");
	if (!isnan(h->ulimit_n))
		plan_number(plan, W_NOFILE, h->ulimit_n, CONFIDENCE_EXACT, h->ulimit_from);
	else
		plan_choice(plan,
				W_NOFILE,
				"hard",
				CONFIDENCE_EXACT,
				"HAProxy raises its soft limit to what maxconn needs");
}

static bool haproxy_set_upstream(struct haproxy *h, double live)
{
	struct plan *plan = h->plan;
	const char *from;
	double most = haproxy_upstream(h, live, &from);
	if (h->servers <= 0)
		return true;
	if (most > 0)
		plan_number(plan, W_UP_CONNECTIONS, most, CONFIDENCE_BOUND, from);
	struct workload_value value = {.set = true, .number = h->servers, .from = h->servers_from};
	value.confidence = CONFIDENCE_EXACT;
	if (h->target_count && (double)h->target_count >= h->servers)
		workload_set_list(h->arena, &value, h->targets, h->target_count);
	plan->workload.values[W_UP_DESTINATIONS] = value;
	if (h->any_tcp)
		plan_choice(plan,
				W_UP_CLOSER,
				"client",
				CONFIDENCE_ESTIMATE,
				"mode tcp: HAProxy passes on the client's close");
	else
		plan_choice(plan,
				W_UP_CLOSER,
				"reset",
				CONFIDENCE_EXACT,
				"mode http: HAProxy closes to servers by reset");
	plan_choice(plan,
			W_BIND,
			!h->source                ? "none"
					: h->source_range ? "address"
									  : "noport",
			CONFIDENCE_EXACT,
			h->source ? h->source_from : "no source address");
	return true;
}

static void haproxy_set_load(struct haproxy *h, double *ret_live)
{
	struct plan *plan = h->plan;
	double given = plan_given(h->context, W_CONNECTIONS);
	*ret_live = !isnan(h->maxconn) ? h->maxconn : given;
	const char *from =
			arena_printf(h->arena, "%s: maxconn", h->maxconn_from ? h->maxconn_from : "");
	if (h->frontends > 0 && h->frontends_limited && h->frontends_maxconn < *ret_live) {
		*ret_live = h->frontends_maxconn;
		from = "sum of the frontends' maxconn";
		if (!isnan(h->proxy_maxconn))
			from = arena_printf(h->arena,
					"%s (by -N %g where none is set)",
					from,
					h->proxy_maxconn);
	}
	if (isnan(h->maxconn))
		plan_ask(plan,
				h->context,
				"the configuration sets no global maxconn: HAProxy then takes as many connections "
				"as "
				"its descriptor limit allows",
				W_CONNECTIONS,
				WORKLOAD_FIELDS);
	else
		plan_number(plan, W_CONNECTIONS, *ret_live, CONFIDENCE_BOUND, from);
	if (!isnan(h->maxconn))
		plan_number(plan, W_MAX_CONNECTIONS, *ret_live, CONFIDENCE_EXACT, from);
	double backlog = !isnan(h->backlog) ? h->backlog : !isnan(h->maxconn) ? h->maxconn : NAN;
	if (!isnan(backlog))
		plan_number(plan,
				W_BACKLOG,
				backlog,
				CONFIDENCE_EXACT,
				isnan(h->backlog) ? "HAProxy listens with maxconn" : "backlog");
	if (isnan(plan_given(h->context, W_OPEN_RATE)) && isnan(plan_given(h->context, W_LIFETIME)))
		plan_find(plan,
				"plan-proxy-rate",
				"note",
				h->files[0],
				"The configuration does not say how long connections live: they are taken to stay. "
				"--open-rate and --upstream-open-rate tell how many are new each second.");
}

static bool read_haproxy(const struct plan_context *context,
		const struct plan_command *command,
		struct plan *plan,
		struct error *err)
{
	struct haproxy *h = arena_alloc(plan->arena, sizeof *h);
	double live;
	*h = (struct haproxy){
			.context = context,
			.command = command,
			.plan = plan,
			.arena = plan->arena,
			.err = err,
			.maxconn = NAN,
			.proxy_maxconn = NAN,
			.threads = NAN,
			.ulimit_n = NAN,
			.maxpipes = NAN,
			.backlog = NAN,
			.frontends_limited = true,
			.servers_limited = true,
	};
	if (!haproxy_read_arguments(h))
		return false;
	haproxy_set_defaults(h);
	double flag = h->maxconn;
	const char *flag_from = h->maxconn_from;
	for (size_t i = 0; i < h->file_count; i++)
		if (!haproxy_read_file(h, h->files[i]))
			return false;
	end_section(h);
	h->now = (struct proxy){.maxconn = NAN};
	h->section = NOWHERE;
	if (!isnan(flag)) { /* -n wins over the file (haproxy(1)) */
		h->maxconn = flag;
		h->maxconn_from = flag_from;
	}
	if (h->frontends <= 0)
		return error_set(err, "%s: neither a frontend nor a listen section", h->files[0]);
	haproxy_set_load(h, &live);
	if (isnan(live))
		live = 0;
	set_descriptors(h, live);
	return haproxy_set_upstream(h, live);
}

/* -c checks the configuration, -v and -vv tell the version. */
static bool haproxy_serves(const struct plan_command *command)
{
	for (size_t i = 1; i < command->count && strcmp(command->words[i], "--") != 0; i++)
		if (!strcmp(command->words[i], "-c") || text_begins_with(command->words[i], "-v"))
			return false;
	return true;
}

static const char *const programs[] = {"haproxy", NULL};
static const char *const images[] = {"haproxy",
		"haproxytech/haproxy-debian",
		"haproxytech/haproxy-alpine",
		NULL};
const struct plan_reader plan_reader_haproxy = {
		.tool = "haproxy",
		.programs = programs,
		.images = images,
		.runtime = "native",
		.role = "proxy",
		.read = read_haproxy,
		.loads = haproxy_serves,
		.help = "the files of -f: maxconn, nbthread, ulimit-n, listeners, servers and their limits",
};
