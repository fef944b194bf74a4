/* The blocks of nginx's configuration and their directives: what of them decides connections.
 * Sources: the contexts that nginx's modules name for each directive; nginx
 * src/http/ngx_http_upstream.c (server), src/event/ngx_event.c. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/array.h"
#include "base/text.h"
#include "probes/plan/nginx/nginx.h"
#include "probes/plan/quantity.h"

enum {
	NESTING_MAX = 32,
	BLOCKS_MAX = 200000,
	ROUTES_MAX = 5000,
	SERVERS_MAX = 5000,
	LISTENERS_MAX = 2000,
	COMPARED_MAX = 20000000,
	VALUES_MAX = 16
};

static const char *here(const struct nginx *n)
{
	return nginx_where(n, n->place);
}

static bool refuse(struct nginx *n, const char *what)
{
	return nginx_refuse(n, n->place, what);
}

static bool is(const char *word, const char *other)
{
	return strcmp(word, other) == 0;
}

/* The value of a directive that may be "off". */
static bool given(const struct nginx *n)
{
	return n->value && !is(n->value, "off");
}

static bool is_on(const char *word)
{
	return word && strcasecmp(word, "on") == 0;
}

static bool nginx_number(struct nginx *n, const char *name, const char *text, double *ret)
{
	struct error inner;
	if (!text)
		return refuse(n, arena_printf(n->arena, "%s needs a number", name));
	return quantity_read(text, &quantity_count, ret, &inner) ||
			refuse(n, arena_printf(n->arena, "%s: %s", name, inner.text));
}

/* ---- of the whole program ---- */

static bool on_workers(struct nginx *n)
{
	n->workers_from = here(n);
	n->workers = NAN;
	if (n->value && is(n->value, "auto"))
		return true;
	return nginx_number(n, n->name, n->value, &n->workers);
}

static bool on_master(struct nginx *n)
{
	n->alone = n->value && strcasecmp(n->value, "off") == 0;
	return true;
}

static bool on_connections(struct nginx *n)
{
	n->per_worker_from = here(n);
	return nginx_number(n, n->name, n->value, &n->per_worker);
}

static bool on_rlimit(struct nginx *n)
{
	n->rlimit_from = here(n);
	return nginx_number(n, n->name, n->value, &n->rlimit);
}

static bool on_log(struct nginx *n)
{
	n->logs += !n->value || !is(n->value, "off");
	return true;
}

static bool on_bind(struct nginx *n)
{
	if (given(n))
		n->bind_from = here(n);
	return true;
}

/* ---- listeners ---- */

/* "80", "*:80" and "0.0.0.0:80" are one socket. */
static const char *listen_address(const struct nginx *n, const char *text)
{
	bool unix_socket = text_begins_with(text, "unix:");
	if (!unix_socket && strspn(text, "0123456789") == strlen(text))
		return arena_printf(n->arena, "*:%s", text);
	if (text_begins_with(text, "0.0.0.0:"))
		return arena_printf(n->arena, "*:%s", text + strlen("0.0.0.0:"));
	if (!unix_socket && !strchr(text, ':'))
		return arena_printf(n->arena, "%s:80", text);
	return text;
}

static struct nginx_listener *listener_of(struct nginx *n, const char *address, const char *where)
{
	for (size_t i = 0; i < n->listener_count; i++, n->compared++)
		if (strcmp(n->listeners[i].address, address) == 0)
			return &n->listeners[i];
	n->listeners = arena_grow(n->arena,
			n->listeners,
			n->listener_count,
			&n->listener_capacity,
			sizeof *n->listeners);
	struct nginx_listener *listener = &n->listeners[n->listener_count++];
	*listener = (struct nginx_listener){.address = address, .where = where, .backlog = NAN};
	return listener;
}

static bool on_listen(struct nginx *n)
{
	if (!n->value)
		return refuse(n, "listen needs an address or a port");
	if (n->listener_count == LISTENERS_MAX || n->compared > COMPARED_MAX)
		return refuse(n, "more listeners than headroom reads");
	for (size_t i = 2; n->words[i]; i++)
		n->block->udp |= is(n->words[i], "udp") || is(n->words[i], "quic");
	if (n->block->udp && n->block->kind == NGINX_HTTP_SERVER) {
		n->block->udp = false; /* HTTP/3 beside TCP */
		n->block->quic = true;
		return true;
	}
	struct nginx_listener *listener = listener_of(n, listen_address(n, n->value), here(n));
	name_list_append(n->arena, &n->block->listens, listener->address);
	for (size_t i = 2; n->words[i]; i++) {
		listener->reuseport |= is(n->words[i], "reuseport");
		listener->http2 |= is(n->words[i], "http2");
		if (text_begins_with(n->words[i], "backlog=") &&
				!nginx_number(n, "backlog", n->words[i] + 8, &listener->backlog))
			return false;
	}
	return true;
}

/* ---- upstream blocks ---- */

static bool server_option(struct nginx *n, const char *word, struct nginx_server *server)
{
	if (is(word, "backup"))
		server->backup = true;
	else if (is(word, "down"))
		server->down = true;
	else if (text_begins_with(word, "weight="))
		return nginx_number(n, "weight", word + 7, &server->weight);
	else if (text_begins_with(word, "max_conns="))
		return nginx_number(n, "max_conns", word + 10, &server->max_conns);
	return true;
}

static bool on_upstream_server(struct nginx *n)
{
	struct nginx_group *group = n->block->group;
	struct nginx_server server = {.address = n->value, .weight = 1, .max_conns = NAN};
	if (!n->value)
		return refuse(n, "server needs an address");
	if (group->server_count == SERVERS_MAX)
		return refuse(n, "more servers than headroom reads");
	server.where = here(n);
	for (size_t i = 2; n->words[i]; i++)
		if (!server_option(n, n->words[i], &server))
			return false;
	if (!(server.max_conns > 0))
		server.max_conns = NAN;
	group->servers = arena_grow(n->arena,
			group->servers,
			group->server_count,
			&group->server_capacity,
			sizeof server);
	group->servers[group->server_count++] = server;
	return true;
}

static bool on_keepalive(struct nginx *n)
{
	n->block->group->keepalive_from = here(n);
	return nginx_number(n, n->name, n->value, &n->block->group->keepalive);
}

static bool on_keepalive_requests(struct nginx *n)
{
	return nginx_number(n, n->name, n->value, &n->block->group->requests);
}

static bool on_zone(struct nginx *n)
{
	n->block->group->zone = true;
	return true;
}

/* A method of balancing, which takes the place of the pool where it stands behind it (measured). */
static bool on_method(struct nginx *n)
{
	struct nginx_group *group = n->block->group;
	if (group->keepalive_from)
		group->lost_from = here(n);
	if (is(n->name, "ip_hash") || is(n->name, "hash"))
		group->sticks_from = here(n);
	return true;
}

/* ---- what passes requests on ---- */

static bool on_header(struct nginx *n)
{
	struct nginx_block *block = n->block;
	block->own_headers = true;
	if (!n->value || strcasecmp(n->value, "connection") != 0)
		return true;
	block->connection = "";
	if (n->words[2])
		block->connection = n->words[2];
	return true;
}

static bool on_version(struct nginx *n)
{
	const char *word = n->value;
	if (!word)
		return true;
	n->block->version = NGINX_HTTP_11;
	if (is(word, "1.0"))
		n->block->version = NGINX_HTTP_10;
	else if (is(word, "2") || is(word, "2.0"))
		n->block->version = NGINX_HTTP_2;
	return true;
}

static bool on_keep_conn(struct nginx *n)
{
	n->block->keep_conn = NGINX_FLAG_OFF;
	if (is_on(n->value))
		n->block->keep_conn = NGINX_FLAG_ON;
	return true;
}

static bool on_http2(struct nginx *n)
{
	n->block->http2 = NGINX_FLAG_OFF;
	if (is_on(n->value))
		n->block->http2 = NGINX_FLAG_ON;
	return true;
}

static bool on_streams(struct nginx *n)
{
	double streams = 0;
	if (!nginx_number(n, n->name, n->value, &streams))
		return false;
	if (isnan(n->block->streams) || n->block->streams < streams)
		n->block->streams = streams;
	return true;
}

static bool on_mirror(struct nginx *n)
{
	if (isnan(n->block->mirrors))
		n->block->mirrors = 0;
	n->block->mirrors += given(n);
	return true;
}

static bool on_auth(struct nginx *n)
{
	n->block->auth = NGINX_FLAG_OFF;
	if (given(n))
		n->block->auth = NGINX_FLAG_ON;
	return true;
}

static bool on_cache(struct nginx *n)
{
	n->block->cache = NGINX_FLAG_OFF;
	if (given(n))
		n->block->cache = NGINX_FLAG_ON;
	return true;
}

/* What is tried again because of an answer, not only where a server does not answer. */
static bool on_next(struct nginx *n)
{
	for (size_t i = 1; n->words[i]; i++)
		if (text_begins_with(n->words[i], "http_"))
			n->retries_from = here(n);
	return true;
}

static struct nginx_variable *variable_of(struct nginx *n, const char *name)
{
	name += *name == '$';
	size_t at = nginx_place_of_variable(n, name, strlen(name));
	if (n->variables[at])
		return n->variables[at];
	if (n->variable_count == NGINX_NAMES / 2)
		return NULL;
	struct nginx_variable *variable = arena_alloc(n->arena, sizeof *variable);
	variable->name = name;
	n->variable_count++;
	n->variables[at] = variable;
	return variable;
}

static void add_value(struct nginx *n, struct nginx_variable *variable, const char *value)
{
	if (name_list_has(&variable->values, value))
		return;
	variable->many |= variable->values.count == VALUES_MAX;
	if (!variable->many)
		name_list_append(n->arena, &variable->values, value);
}

static bool on_set(struct nginx *n)
{
	if (!n->value || !n->words[2])
		return refuse(n, "set needs a variable and a value");
	struct nginx_variable *variable = variable_of(n, n->value);
	if (!variable)
		return refuse(n, "more variables than headroom reads");
	add_value(n, variable, n->words[2]);
	return true;
}

/* Words of map and geo that are no entry. */
static bool is_option(const char *key)
{
	static const char *const options[] =
			{"hostnames", "volatile", "ranges", "proxy", "proxy_recursive", "delete"};
	for (size_t i = 0; i < COUNT_OF(options); i++)
		if (strcmp(options[i], key) == 0)
			return true;
	return false;
}

static bool on_value(struct nginx *n)
{
	struct nginx_variable *variable = n->block->variable;
	if (!n->value || is_option(n->name))
		return true;
	if (!*n->name)
		variable->empty = n->value;
	if (is(n->name, "default"))
		variable->missing = n->value;
	add_value(n, variable, n->value);
	return true;
}

static bool add_route(struct nginx *n, enum nginx_protocol protocol, const char *address)
{
	if (!address)
		return refuse(n, "it needs an address to pass to");
	if (n->route_count == ROUTES_MAX)
		return refuse(n, "passes to more upstreams than headroom reads");
	n->routes =
			arena_grow(n->arena, n->routes, n->route_count, &n->route_capacity, sizeof *n->routes);
	n->routes[n->route_count++] = (struct nginx_route){.block = n->block,
			.protocol = protocol,
			.address = address,
			.where = here(n)};
	return true;
}

static bool on_pass(struct nginx *n)
{
	static const struct {
		const char *name;
		enum nginx_protocol protocol;
	} passes[] = {
			{"proxy_pass", NGINX_PROXY},
			{"grpc_pass", NGINX_GRPC},
			{"fastcgi_pass", NGINX_FASTCGI},
			{"uwsgi_pass", NGINX_UWSGI},
			{"scgi_pass", NGINX_SCGI},
			{"memcached_pass", NGINX_MEMCACHED},
	};
	if (n->block->kind == NGINX_STREAM_SERVER)
		return add_route(n, NGINX_STREAM_PASS, n->value);
	for (size_t i = 0; i < COUNT_OF(passes); i++)
		if (strcmp(passes[i].name, n->name) == 0)
			return add_route(n, passes[i].protocol, n->value);
	return true;
}

/* Sets of kinds of blocks. */
enum {
	IN_TOP = 1 << NGINX_TOP,
	IN_EVENTS = 1 << NGINX_EVENTS,
	IN_HTTP = 1 << NGINX_HTTP,
	IN_SERVER = 1 << NGINX_HTTP_SERVER,
	IN_LOCATION = 1 << NGINX_LOCATION,
	IN_UPSTREAM = 1 << NGINX_UPSTREAM,
	IN_STREAM = 1 << NGINX_STREAM,
	IN_STREAM_SERVER = 1 << NGINX_STREAM_SERVER,
	IN_MAIL = 1 << NGINX_MAIL,
	IN_PLACE = IN_SERVER | IN_LOCATION,
	IN_EITHER = IN_HTTP | IN_STREAM,
	IN_HTTP_ALL = IN_HTTP | IN_PLACE,
	IN_STREAM_ALL = IN_STREAM | IN_STREAM_SERVER,
	IN_TRAFFIC = IN_HTTP_ALL | IN_STREAM_ALL,
	IN_ALL = IN_TRAFFIC | IN_TOP,
	IN_SETS = IN_PLACE | IN_STREAM_ALL,
	IN_PASSES = IN_LOCATION | IN_STREAM_SERVER,
	IN_CLIENTS = IN_HTTP | IN_SERVER,
	IN_LISTENS = IN_SERVER | IN_STREAM_SERVER | IN_MAIL
};

static const struct directive {
	const char *name;
	unsigned kinds;
	bool (*read)(struct nginx *n);
} directives[] = {
		{"worker_processes", IN_TOP, on_workers},
		{"worker_rlimit_nofile", IN_TOP, on_rlimit},
		{"master_process", IN_TOP, on_master},
		{"worker_connections", IN_EVENTS, on_connections},
		{"connections", IN_EVENTS, on_connections},
		{"error_log", IN_ALL, on_log},
		{"access_log", IN_TRAFFIC, on_log},
		{"listen", IN_LISTENS, on_listen},
		{"proxy_bind", IN_TRAFFIC, on_bind},
		{"grpc_bind", IN_HTTP_ALL, on_bind},
		{"fastcgi_bind", IN_HTTP_ALL, on_bind},
		{"uwsgi_bind", IN_HTTP_ALL, on_bind},
		{"scgi_bind", IN_HTTP_ALL, on_bind},
		{"memcached_bind", IN_HTTP_ALL, on_bind},
		{"proxy_set_header", IN_HTTP_ALL, on_header},
		{"proxy_http_version", IN_HTTP_ALL, on_version},
		{"http2", IN_CLIENTS, on_http2},
		{"http2_max_concurrent_streams", IN_CLIENTS, on_streams},
		{"http3_max_concurrent_streams", IN_CLIENTS, on_streams},
		{"fastcgi_keep_conn", IN_HTTP_ALL, on_keep_conn},
		{"mirror", IN_HTTP_ALL, on_mirror},
		{"auth_request", IN_HTTP_ALL, on_auth},
		{"proxy_cache", IN_HTTP_ALL, on_cache},
		{"fastcgi_cache", IN_HTTP_ALL, on_cache},
		{"uwsgi_cache", IN_HTTP_ALL, on_cache},
		{"scgi_cache", IN_HTTP_ALL, on_cache},
		{"proxy_next_upstream", IN_HTTP_ALL, on_next},
		{"grpc_next_upstream", IN_HTTP_ALL, on_next},
		{"fastcgi_next_upstream", IN_HTTP_ALL, on_next},
		{"uwsgi_next_upstream", IN_HTTP_ALL, on_next},
		{"scgi_next_upstream", IN_HTTP_ALL, on_next},
		{"set", IN_SETS, on_set},
		{"proxy_pass", IN_PASSES, on_pass},
		{"grpc_pass", IN_LOCATION, on_pass},
		{"fastcgi_pass", IN_LOCATION, on_pass},
		{"uwsgi_pass", IN_LOCATION, on_pass},
		{"scgi_pass", IN_LOCATION, on_pass},
		{"memcached_pass", IN_LOCATION, on_pass},
		{"server", IN_UPSTREAM, on_upstream_server},
		{"keepalive", IN_UPSTREAM, on_keepalive},
		{"keepalive_requests", IN_UPSTREAM, on_keepalive_requests},
		{"zone", IN_UPSTREAM, on_zone},
		{"ip_hash", IN_UPSTREAM, on_method},
		{"hash", IN_UPSTREAM, on_method},
		{"least_conn", IN_UPSTREAM, on_method},
		{"least_time", IN_UPSTREAM, on_method},
		{"random", IN_UPSTREAM, on_method},
};

bool nginx_directive(struct nginx *n)
{
	enum nginx_kind kind = n->block->kind;
	if (kind == NGINX_VALUES)
		return on_value(n);
	for (size_t i = 0; i < COUNT_OF(directives); i++) {
		const struct directive *directive = &directives[i];
		if (strcmp(directive->name, n->name) == 0 && (directive->kinds & (1U << kind)))
			return directive->read(n);
	}
	return true;
}

/* ---- blocks ---- */

static const struct {
	const char *name;
	unsigned inside;
	enum nginx_kind kind;
} blocks[] = {
		{"events", IN_TOP, NGINX_EVENTS},
		{"http", IN_TOP, NGINX_HTTP},
		{"stream", IN_TOP, NGINX_STREAM},
		{"mail", IN_TOP, NGINX_MAIL},
		{"server", IN_HTTP, NGINX_HTTP_SERVER},
		{"server", IN_STREAM, NGINX_STREAM_SERVER},
		{"server", IN_MAIL, NGINX_MAIL},
		{"upstream", IN_EITHER, NGINX_UPSTREAM},
		{"map", IN_EITHER, NGINX_VALUES},
		{"geo", IN_EITHER, NGINX_VALUES},
		{"split_clients", IN_EITHER, NGINX_VALUES},
		{"location", IN_PLACE, NGINX_LOCATION},
		{"if", IN_PLACE, NGINX_LOCATION},
		{"limit_except", IN_LOCATION, NGINX_LOCATION},
};

static enum nginx_kind kind_of(const struct nginx *n, const char *name)
{
	for (size_t i = 0; i < COUNT_OF(blocks); i++)
		if ((blocks[i].inside & (1U << n->block->kind)) && strcmp(blocks[i].name, name) == 0)
			return blocks[i].kind;
	return NGINX_OTHER;
}

static bool open_group(struct nginx *n, struct nginx_block *block)
{
	if (!n->value)
		return refuse(n, "upstream needs a name");
	if (n->group_count == NGINX_NAMES / 2)
		return refuse(n, "more upstream blocks than headroom reads");
	bool stream = n->block->kind == NGINX_STREAM;
	struct nginx_group *group = arena_alloc(n->arena, sizeof *group);
	*group = (struct nginx_group){.name = n->value,
			.where = here(n),
			.keepalive = NAN,
			.requests = NAN,
			.stream = stream};
	size_t at = nginx_place_of_group(n, n->value, strlen(n->value), stream);
	n->group_count += !n->groups[at];
	n->groups[at] = group;
	block->group = group;
	return true;
}

/* map SOURCE $NAME, split_clients SOURCE $NAME, geo [SOURCE] $NAME */
static bool open_values(struct nginx *n, struct nginx_block *block)
{
	const char *name = n->value;
	if (name && n->words[2])
		name = n->words[2];
	if (!name)
		return refuse(n, arena_printf(n->arena, "%s needs a variable", n->name));
	block->variable = variable_of(n, name);
	if (!block->variable)
		return refuse(n, "more variables than headroom reads");
	if (is(n->name, "map"))
		block->variable->source = n->value;
	return true;
}

bool nginx_open_block(struct nginx *n)
{
	bool outside = n->block->kind == NGINX_TOP &&
			(is(n->name, "server") || is(n->name, "upstream"));
	if (n->depth == NESTING_MAX)
		return refuse(n, "nested too deeply");
	if (++n->blocks > BLOCKS_MAX)
		return refuse(n, "more blocks than headroom reads");
	if (outside)
		return refuse(n,
				arena_printf(n->arena,
						"%s is outside http {…}. This file is a part of a configuration: name "
						"the nginx.conf that includes it",
						n->name));
	struct nginx_block *block = arena_alloc(n->arena, sizeof *block);
	*block = (struct nginx_block){.parent = n->block,
			.kind = kind_of(n, n->name),
			.mirrors = NAN,
			.streams = NAN};
	bool good = true;
	n->locations += is(n->name, "location");
	if (block->kind == NGINX_UPSTREAM)
		good = open_group(n, block);
	else if (block->kind == NGINX_VALUES)
		good = open_values(n, block);
	else if (block->kind == NGINX_MAIL && !n->mail_from)
		n->mail_from = here(n);
	n->block = block;
	n->depth++;
	return good;
}
