/* The lines of HAProxy's configuration that decide connections. Sources: doc/configuration.txt
 * (3.1, 4.1, 5.1, 5.2), src/proxy.c (proxy_preset_defaults(): mode tcp). */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "probes/plan/haproxy/haproxy.h"
#include "probes/plan/quantity.h"

enum {
	CLI_MAX = 10,
	TEMPLATE_MAX = 10000
};

static bool same(const char *word, const char *other)
{
	return strcmp(word, other) == 0;
}

/* Does one of the beginnings, ended by NULL, begin the word? */
static bool begins_with_one(const char *word, const char *const *beginnings)
{
	for (; *beginnings; beginnings++)
		if (text_begins_with(word, *beginnings))
			return true;
	return false;
}

static bool line_is(const struct haproxy *h, const char *name)
{
	return same(h->name, name);
}

static bool value_is(const struct haproxy *h, const char *word)
{
	return h->value && same(h->value, word);
}

static bool haproxy_number(struct haproxy *h, const char *name, const char *text, double *ret)
{
	struct error inner;
	if (!text)
		return haproxy_refuse(h, "a number is missing after", name);
	return quantity_read(text, &quantity_count, ret, &inner) ||
			error_set(h->err, "%s:%zu: %s: %s", h->file, h->line, name, inner.text);
}

static bool number_line(struct haproxy *h, double *ret)
{
	return haproxy_number(h, h->name, h->value, ret);
}

struct haproxy_settings haproxy_preset(const struct haproxy *h)
{
	struct haproxy_settings settings = {.maxconn = NAN, .backlog = NAN};
	settings.server = (struct haproxy_server){.maxconn = NAN, .weight = 1, .pool = NAN};
	if (h->proxy_maxconn > 0)
		settings.maxconn = h->proxy_maxconn;
	return settings;
}

/* ---- global ---- */

static bool stats_line(struct haproxy *h)
{
	if (value_is(h, "socket")) {
		h->cli = fmax(h->cli, CLI_MAX);
		h->sockets++;
	}
	if (value_is(h, "maxconn"))
		return haproxy_number(h, "stats maxconn", h->words[2], &h->cli);
	return true;
}

static bool global_line(struct haproxy *h)
{
	const struct {
		const char *name;
		double *to;
		const char **from;
	} numbers[] = {
			{"maxconn", &h->maxconn, &h->maxconn_from},
			{"nbthread", &h->threads, &h->threads_from},
			{"ulimit-n", &h->ulimit_n, &h->ulimit_from},
			{"nbproc", &h->processes, NULL},
			{"maxpipes", &h->maxpipes, NULL},
			{"fd-hard-limit", &h->fd_hard_limit, NULL},
			{"tune.h2.max-concurrent-streams", &h->streams, NULL},
			{"tune.h2.fe.max-concurrent-streams", &h->streams, NULL},
			{"tune.quic.frontend.max-streams-bidi", &h->streams, NULL},
	};
	if (line_is(h, "stats"))
		return stats_line(h);
	for (size_t i = 0; i < COUNT_OF(numbers); i++) {
		if (!line_is(h, numbers[i].name))
			continue;
		if (numbers[i].from)
			*numbers[i].from = haproxy_where(h);
		return number_line(h, numbers[i].to);
	}
	return true;
}

/* ---- of defaults and proxies alike ---- */

/* The last of these counts, and "no option" takes back only the one that is in force (measured). */
static void mode_option(const struct haproxy *h, const char *name, bool on)
{
	static const char *const closing[] = {"httpclose", "http-server-close", "forceclose", NULL};
	struct haproxy_settings *s = h->settings;
	bool closes = begins_with_one(name, closing);
	if (on && same(name, "http-keep-alive"))
		s->closes = NULL;
	if (on && closes) {
		s->closes = name;
		s->closes_from = haproxy_where(h);
	}
	if (!on && closes && s->closes && same(s->closes, name))
		s->closes = NULL;
}

static void option_line(const struct haproxy *h, const char *name, bool on)
{
	struct haproxy_settings *s = h->settings;
	const struct {
		const char *name;
		bool *to;
	} options[] = {
			{"http-pretend-keepalive", &s->pretends},
			{"splice-auto", &s->splices},
			{"splice-request", &s->splices},
			{"splice-response", &s->splices},
			{"transparent", &s->transparent},
	};
	for (size_t i = 0; i < COUNT_OF(options); i++)
		if (same(options[i].name, name))
			*options[i].to = on;
	mode_option(h, name, on);
}

static void note_source(const struct haproxy *h, const char *const *words)
{
	struct haproxy_settings *s = h->settings;
	s->source = true;
	s->source_range = strchr(words[0], '-') != NULL;
	s->source_from = haproxy_where(h);
	for (size_t i = 1; words[i]; i++)
		s->transparent |= same(words[i], "usesrc");
}

/* Of all methods but these a load test from one address, to one URL, reaches one server (measured
 * with source and first). */
static void balance_line(const struct haproxy *h)
{
	static const char *const spreads[] = {"roundrobin", "static-rr", "leastconn", "random", NULL};
	struct haproxy_settings *s = h->settings;
	s->sticks = h->value && !begins_with_one(h->value, spreads);
	s->sticks_from = haproxy_where(h);
}

/* ---- bind ---- */

bool haproxy_is_local(const char *address)
{
	static const char *const forms[] =
			{"/", "unix@", "abns@", "abnsz@", "uxst@", "fd@", "sockpair@", NULL};
	return begins_with_one(address, forms);
}

/* The ports of ":8000-8009", which ends with the text or at a comma. */
static double count_ports(const char *text)
{
	size_t length = strcspn(text, ",");
	const char *colon = memchr(text, ':', length), *end = text + length;
	if (!colon)
		return 1;
	const char *dash = memchr(colon, '-', (size_t)(end - colon));
	if (!dash)
		return 1;
	double first = strtod(colon + 1, NULL);
	double last = strtod(dash + 1, NULL);
	double width = last - first + 1;
	if (width >= 1 && width <= 65536)
		return width;
	return 1;
}

/* Listeners of "bind :80,:443". */
static double count_listeners(const char *text)
{
	double count = 0;
	while (*text) {
		count += count_ports(text);
		text += strcspn(text, ",");
		text += *text == ',';
	}
	return count;
}

/* Does a word name the protocols of a listener? */
static bool names_protocols(const char *word)
{
	static const char *const names[] = {
			"alpn",
			"npn",
			"proto",
			NULL,
	};
	size_t i = 0;
	while (names[i]) {
		if (same(word, names[i]))
			return true;
		i++;
	}
	return false;
}

/* "alpn h2,http/1.1", "proto h2", QUIC; since 2.8 every listener of TLS that names no protocols. */
static bool takes_http2(const struct haproxy *h)
{
	bool tls = false;
	bool named = false;
	bool http2 = false;
	for (size_t i = 2; h->words[i]; i++) {
		const char *word = h->words[i];
		const char *next = h->words[i + 1];
		if (same(word, "ssl"))
			tls = true;
		if (same(word, "no-alpn"))
			named = true;
		if (!next)
			break;
		if (!names_protocols(word))
			continue;
		named = true;
		if (strstr(next, "h2"))
			http2 = true;
	}
	if (strstr(h->value, "quic"))
		return true;
	if (tls && !named)
		return true;
	return http2;
}

static bool bind_line(struct haproxy *h)
{
	struct haproxy_proxy *p = h->proxy;
	struct haproxy_bind bind = {.maxconn = NAN, .backlog = NAN, .where = haproxy_where(h)};
	if (!h->value)
		return haproxy_refuse(h, "no address in", h->name);
	bind.sockets = count_listeners(h->value);
	bind.http2 = takes_http2(h);
	for (size_t i = 2; h->words[i]; i++) {
		double *to = NULL;
		if (same(h->words[i], "maxconn"))
			to = &bind.maxconn;
		else if (same(h->words[i], "backlog"))
			to = &bind.backlog;
		if (to && !haproxy_number(h, h->words[i], h->words[i + 1], to))
			return false;
	}
	p->binds = arena_grow(h->arena,
			p->binds, /* each may have a queue of its own */
			p->bind_count,
			&p->bind_capacity,
			sizeof bind);
	p->binds[p->bind_count++] = bind;
	return true;
}

/* ---- servers ---- */

static bool server_word(struct haproxy *h, struct haproxy_server *server, const char *const *at)
{
	const struct {
		const char *name;
		double *to;
	} numbers[] = {{"maxconn", &server->maxconn},
			{"weight", &server->weight},
			{"pool-max-conn", &server->pool}};
	for (size_t i = 0; i < COUNT_OF(numbers); i++)
		if (same(*at, numbers[i].name) && !(at[1] && *at[1] == '-'))
			return haproxy_number(h, *at, at[1], numbers[i].to);
	if (same(*at, "check"))
		server->checks = 1;
	else if (same(*at, "agent-check"))
		server->agents = 2;
	else if (same(*at, "backup"))
		server->backup = true;
	else if (same(*at, "disabled"))
		server->disabled = true;
	return true;
}

/* server NAME ADDRESS …; server-template PREFIX 1-20 ADDRESS … */
static bool server_line(struct haproxy *h, size_t at)
{
	struct haproxy_proxy *p = h->proxy;
	struct haproxy_server server = h->settings->server;
	server.many = 1;
	if (h->word_count <= at)
		return haproxy_refuse(h, "no address in", h->name);
	if (at == 3) {
		const char *dash = strchr(h->words[2], '-');
		double first = strtod(h->words[2], NULL);
		server.many = floor(first);
		if (dash)
			server.many = floor(strtod(dash + 1, NULL) - first + 1);
		if (!(server.many >= 1 && server.many <= TEMPLATE_MAX))
			server.many = 1;
	}
	server.address = h->words[at];
	server.where = haproxy_where(h);
	for (const char *const *word = h->words + at + 1; *word; word++) {
		if (same(*word, "source") && word[1])
			note_source(h, word + 1);
		if (!server_word(h, &server, word))
			return false;
	}
	h->checks += (server.checks + server.agents) * server.many;
	if (!(server.maxconn > 0))
		server.maxconn = NAN;
	p->servers =
			arena_grow(h->arena, p->servers, p->server_count, &p->server_capacity, sizeof server);
	p->servers[p->server_count++] = server;
	return true;
}

/* default-server …: what the servers below it start from. */
static bool default_server_line(struct haproxy *h)
{
	for (const char *const *word = h->words + 1; *word; word++)
		if (!server_word(h, &h->settings->server, word))
			return false;
	return true;
}

static bool settings_line(struct haproxy *h)
{
	struct haproxy_settings *s = h->settings;
	bool no = line_is(h, "no") && value_is(h, "option");
	if (line_is(h, "mode"))
		s->http = value_is(h, "http");
	else if (line_is(h, "maxconn"))
		return number_line(h, &s->maxconn);
	else if (line_is(h, "backlog"))
		return number_line(h, &s->backlog);
	else if (line_is(h, "option") && h->value)
		option_line(h, h->value, true);
	else if (no && h->word_count > 2)
		option_line(h, h->words[2], false);
	else if (line_is(h, "source") && h->value)
		note_source(h, h->words + 1);
	else if (line_is(h, "http-reuse"))
		s->alone = value_is(h, "never");
	else if (line_is(h, "default-server"))
		return default_server_line(h);
	else if (line_is(h, "balance"))
		balance_line(h);
	return true;
}

static bool proxy_line(struct haproxy *h)
{
	struct haproxy_proxy *p = h->proxy;
	if (line_is(h, "bind"))
		return bind_line(h);
	if (line_is(h, "server"))
		return server_line(h, 2);
	if (line_is(h, "server-template"))
		return server_line(h, 3);
	if (line_is(h, "stats"))
		p->statistics |= value_is(h, "enable") || value_is(h, "uri");
	if (line_is(h, "stick") && value_is(h, "on"))
		p->settings.sticks_from = haproxy_where(h);
	bool uses = line_is(h, "default_backend");
	uses |= line_is(h, "use_backend");
	if (uses && h->value) {
		p->dynamic |= strchr(h->value, '%') != NULL;
		name_list_append(h->arena, &p->uses, h->value);
	}
	return settings_line(h);
}

/* ---- sections ---- */

/* The word after "from", which names a defaults section. */
static const char *from_word(const struct haproxy *h)
{
	for (size_t i = 1; i + 1 < h->word_count; i++)
		if (same(h->words[i], "from"))
			return h->words[i + 1];
	return NULL;
}

static struct haproxy_settings settings_of(const struct haproxy *h)
{
	const char *name = from_word(h);
	for (size_t i = h->named_count; name && i > 0; i--)
		if (same(h->named[i - 1].name, name))
			return h->named[i - 1].settings;
	return h->defaults;
}

/* The defaults section that ends is kept under its name. */
static void keep_defaults(struct haproxy *h)
{
	if (h->section == HAPROXY_DEFAULTS && h->named_count)
		h->named[h->named_count - 1].settings = h->defaults;
}

static void open_defaults(struct haproxy *h)
{
	struct haproxy_defaults named = {.name = ""};
	h->defaults = settings_of(h);
	if (!from_word(h))
		h->defaults = haproxy_preset(h);
	if (h->value && !same(h->value, "from"))
		named.name = h->value;
	h->named = arena_grow(h->arena,
			h->named, /* in order, the last of a name counts */
			h->named_count,
			&h->named_capacity,
			sizeof named);
	h->named[h->named_count++] = named;
}

static void open_proxy(struct haproxy *h)
{
	struct haproxy_proxy proxy = {.name = ""};
	proxy.frontend = h->section != HAPROXY_BACKEND;
	proxy.backend = h->section != HAPROXY_FRONTEND;
	if (h->value)
		proxy.name = h->value;
	proxy.where = haproxy_where(h);
	proxy.settings = settings_of(h);
	h->proxies = arena_grow(h->arena, h->proxies, h->proxy_count, &h->proxy_capacity, sizeof proxy);
	h->proxies[h->proxy_count++] = proxy;
}

static enum haproxy_section section_of(const char *name)
{
	static const struct {
		const char *name;
		enum haproxy_section section;
	} sections[] = {
			{"global", HAPROXY_GLOBAL},
			{"defaults", HAPROXY_DEFAULTS},
			{"frontend", HAPROXY_FRONTEND},
			{"backend", HAPROXY_BACKEND},
			{"listen", HAPROXY_LISTEN},
			{"peers", HAPROXY_PEERS},
	};
	static const char *const others[] = {"resolvers",
			"userlist",
			"mailers",
			"program",
			"cache",
			"http-errors",
			"ring",
			"log-forward",
			"fcgi-app",
			"crt-store",
			"traces",
			"acme",
			"log-profile",
			NULL};
	for (size_t i = 0; i < COUNT_OF(sections); i++)
		if (same(sections[i].name, name))
			return sections[i].section;
	if (begins_with_one(name, others))
		return HAPROXY_ELSEWHERE;
	return HAPROXY_NOWHERE;
}

static bool opens_section(struct haproxy *h)
{
	enum haproxy_section section = section_of(h->name);
	if (section == HAPROXY_NOWHERE)
		return false;
	keep_defaults(h);
	h->section = section;
	if (section == HAPROXY_DEFAULTS)
		open_defaults(h);
	if (section >= HAPROXY_FRONTEND && section <= HAPROXY_LISTEN)
		open_proxy(h);
	return true;
}

bool haproxy_line(struct haproxy *h)
{
	if (*h->name == '.' || opens_section(h))
		return true;
	switch (h->section) {
	case HAPROXY_NOWHERE:
		return haproxy_refuse(h, "outside any section:", h->name);
	case HAPROXY_GLOBAL:
		return global_line(h);
	case HAPROXY_DEFAULTS:
		h->settings = &h->defaults;
		return settings_line(h);
	case HAPROXY_FRONTEND:
	case HAPROXY_BACKEND:
	case HAPROXY_LISTEN:
		h->proxy = &h->proxies[h->proxy_count - 1];
		h->settings = &h->proxy->settings;
		return proxy_line(h);
	case HAPROXY_PEERS:
		h->peers += line_is(h, "peer") || line_is(h, "server");
		break;
	case HAPROXY_ELSEWHERE:
		break;
	}
	return true;
}
