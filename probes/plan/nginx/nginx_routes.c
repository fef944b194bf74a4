/* What becomes of an upstream connection after a request: kept, closed by the upstream, or closed
 * by nginx. Measured with 1.22 for each protocol, with and without a pool
 * (tests/live/proxies.py). Sources: nginx src/http/modules/ngx_http_proxy_module.c
 * (ngx_http_proxy_merge_loc_conf(), ngx_http_proxy_headers),
 * ngx_http_upstream_keepalive_module.c; CHANGES 1.29.7: HTTP/1.1, no Connection header and
 * "keepalive 32 local" by default, for upstream blocks only. */
#include <math.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "probes/plan/nginx/nginx_fate.h"

enum {
	POOL_SINCE = 32, /* CHANGES 1.29.7 */
	STREAMS = 128    /* http2_max_concurrent_streams and http3_max_concurrent_streams */
};

static enum nginx_http_version version_of(const struct nginx_block *block, enum nginx_era era)
{
	for (; block; block = block->parent)
		if (block->version != NGINX_HTTP_UNSET)
			return block->version;
	if (era == NGINX_SINCE)
		return NGINX_HTTP_11;
	return NGINX_HTTP_10;
}

/* The Connection header that nginx sends. Any proxy_set_header of a block hides those outside. */
static const char *connection_of(const struct nginx_block *block, enum nginx_era era)
{
	while (block && !block->own_headers)
		block = block->parent;
	if (block && block->connection)
		return block->connection;
	if (era == NGINX_SINCE)
		return "";
	return "close";
}

static bool keeps_conn(const struct nginx_block *block)
{
	while (block && block->keep_conn == NGINX_FLAG_UNSET)
		block = block->parent;
	return block && block->keep_conn == NGINX_FLAG_ON;
}

static bool has_word(const char *text, const char *word)
{
	for (size_t length = strlen(word); *text; text++)
		if (strncasecmp(text, word, length) == 0)
			return true;
	return false;
}

enum asks {
	ASKS_CLOSE,
	ASKS_KEEP,
	ASKS_EITHER
};

static enum asks asks_by_header(const char *value, enum nginx_http_version version)
{
	if (has_word(value, "close"))
		return ASKS_CLOSE;
	if (version == NGINX_HTTP_10 && !has_word(value, "keep-alive"))
		return ASKS_CLOSE;
	return ASKS_KEEP;
}

/* Does the request ask the upstream to keep the connection? */
static enum asks asks_of_proxy(const struct nginx *n,
		const struct nginx_block *block,
		enum nginx_era era)
{
	enum nginx_http_version version = version_of(block, era);
	const char *header = connection_of(block, era);
	bool unknown = false, keep = false, close = false;
	if (version == NGINX_HTTP_2)
		return ASKS_KEEP;
	/* A client that keeps its own connection sends keep-alive, or nothing. */
	if (strcasecmp(header, "$http_connection") == 0 && version == NGINX_HTTP_11)
		return ASKS_KEEP;
	struct name_list values = nginx_values(n, header, &unknown);
	for (size_t i = 0; i < values.count; i++) {
		bool closes = asks_by_header(values.items[i], version) == ASKS_CLOSE;
		close |= closes;
		keep |= !closes;
	}
	if (unknown || (keep && close))
		return ASKS_EITHER;
	if (close)
		return ASKS_CLOSE;
	return ASKS_KEEP;
}

static enum asks asks_of(const struct nginx *n, const struct nginx_route *route, enum nginx_era era)
{
	switch (route->protocol) {
	case NGINX_PROXY:
		return asks_of_proxy(n, route->block, era);
	case NGINX_FASTCGI:
		if (keeps_conn(route->block))
			return ASKS_KEEP;
		return ASKS_CLOSE;
	case NGINX_GRPC:
	case NGINX_MEMCACHED:
		return ASKS_KEEP;
	case NGINX_UWSGI:
	case NGINX_SCGI:
	case NGINX_STREAM_PASS:
		break;
	}
	return ASKS_CLOSE;
}

static bool has_pool(const struct nginx_group *group, enum nginx_era era)
{
	if (!group)
		return false;
	if (era == NGINX_SINCE)
		return isnan(group->keepalive) || group->keepalive > 0;
	return group->keepalive > 0 && !group->lost_from;
}

static enum nginx_fate fate_of(enum asks asks, bool pool)
{
	if (asks == ASKS_KEEP && pool)
		return NGINX_KEPT;
	if (asks == ASKS_CLOSE || pool)
		return NGINX_UPSTREAM_CLOSES;
	return NGINX_CLOSES;
}

/* Does what is sent depend on whether the client asks for a WebSocket? */
static bool upgrades(const struct nginx *n, const char *header)
{
	if (*header != '$')
		return strcasecmp(header, "upgrade") == 0;
	header++;
	const struct nginx_variable *variable =
			n->variables[nginx_place_of_variable(n, header, strlen(header))];
	return variable && variable->source && strcmp(variable->source, "$http_upgrade") == 0;
}

bool nginx_is_unix(const char *address)
{
	const char *slashes = strstr(address, "://");
	if (text_begins_with(address, "unix:"))
		return true;
	return slashes && text_begins_with(slashes + 3, "unix:");
}

/* The host of "http://app/path", "app", "uwsgi://app:80". */
static const char *host_of(const char *address, size_t *ret_length)
{
	const char *slashes = strstr(address, "://");
	if (slashes)
		address = slashes + 3;
	*ret_length = strcspn(address, "/:?");
	return address;
}

static const struct nginx_group *group_of(const struct nginx *n,
		const struct nginx_route *route,
		const char *address)
{
	size_t length;
	const char *host = host_of(address, &length);
	bool stream = route->protocol == NGINX_STREAM_PASS;
	return n->groups[nginx_place_of_group(n, host, length, stream)];
}

static bool all_unix(const struct nginx_group *group)
{
	for (size_t i = 0; i < group->server_count; i++)
		if (!nginx_is_unix(group->servers[i].address))
			return false;
	return group->server_count > 0;
}

static struct nginx_outcome outcome_of(const struct nginx *n,
		const struct nginx_route *route,
		const char *address,
		enum nginx_era era)
{
	struct nginx_outcome outcome = {.route = route, .address = address};
	bool proxy = route->protocol == NGINX_PROXY;
	if (address)
		outcome.group = group_of(n, route, address);
	else
		outcome.unknown = true;
	outcome.upgrades = proxy && upgrades(n, connection_of(route->block, era));
	outcome.http11 = proxy && version_of(route->block, era) == NGINX_HTTP_11;
	if (outcome.group)
		outcome.sockets = all_unix(outcome.group);
	else if (address)
		outcome.sockets = nginx_is_unix(address);
	if (outcome.sockets)
		outcome.fate = NGINX_NONE;
	else if (route->protocol == NGINX_STREAM_PASS)
		outcome.fate = NGINX_FOLLOWS;
	else
		outcome.fate = fate_of(asks_of(n, route, era), has_pool(outcome.group, era));
	return outcome;
}

double nginx_pool_for_each(const struct nginx_group *group)
{
	double pool = POOL_SINCE;
	if (!isnan(group->keepalive))
		pool = group->keepalive;
	return pool / fmax(1, (double)group->server_count);
}

/* To how many servers its connections are spread, as far as the configuration tells. */
static size_t spread(const struct nginx_outcome *outcome)
{
	if (!outcome->group || outcome->group->sticks_from)
		return 1;
	return outcome->group->server_count;
}

static bool is_worse(const struct nginx_outcome *a, const struct nginx_outcome *b)
{
	if (!b->route || a->fate != b->fate)
		return !b->route || a->fate > b->fate;
	return spread(a) < spread(b);
}

static void take(struct nginx_worst *worst, const struct nginx_outcome *one)
{
	const struct nginx_outcome *now = &worst->outcome, *kept = &worst->kept;
	worst->mixed |= now->route && (one->fate != now->fate || one->group != now->group);
	if (is_worse(one, now))
		worst->outcome = *one;
	if (one->fate != NGINX_KEPT)
		return;
	if (!kept->route || nginx_pool_for_each(one->group) < nginx_pool_for_each(kept->group))
		worst->kept = *one;
}

/* "http://app/x/$1" without its path, whose variables say nothing of where it goes. */
static const char *without_path(const struct nginx *n, const char *address)
{
	const char *slashes = strstr(address, "://"), *host = address;
	if (nginx_is_unix(address))
		return address;
	if (slashes)
		host = slashes + 3;
	size_t length = strcspn(host, "/?");
	return arena_copy(n->arena, address, (size_t)(host - address) + length);
}

struct nginx_worst nginx_worst(const struct nginx *n, enum nginx_era era)
{
	struct nginx_worst worst = {.mixed = false};
	for (size_t i = 0; i < n->route_count; i++) {
		bool unknown = false;
		const struct nginx_route *route = &n->routes[i];
		struct name_list addresses = nginx_values(n, without_path(n, route->address), &unknown);
		for (size_t j = 0; j < addresses.count; j++) {
			struct nginx_outcome one = outcome_of(n, route, addresses.items[j], era);
			take(&worst, &one);
		}
		if (unknown) {
			struct nginx_outcome one = outcome_of(n, route, NULL, era);
			take(&worst, &one);
		}
	}
	if (worst.outcome.fate == NGINX_KEPT)
		worst.outcome = worst.kept;
	return worst;
}

bool nginx_is_cached(const struct nginx_route *route)
{
	const struct nginx_block *block = route->block;
	while (block && block->cache == NGINX_FLAG_UNSET)
		block = block->parent;
	return block && block->cache == NGINX_FLAG_ON;
}

/* Of one place: itself, mirror and auth_request. */
static double requests_of(const struct nginx_route *route)
{
	const struct nginx_block *mirrors = route->block, *auth = route->block;
	double each = 1;
	while (mirrors && isnan(mirrors->mirrors))
		mirrors = mirrors->parent;
	while (auth && auth->auth == NGINX_FLAG_UNSET)
		auth = auth->parent;
	if (mirrors)
		each += mirrors->mirrors;
	return each + (auth && auth->auth == NGINX_FLAG_ON);
}

double nginx_requests_each(const struct nginx *n)
{
	double most = 1;
	for (size_t i = 0; i < n->route_count; i++)
		most = fmax(most, requests_of(&n->routes[i]));
	return most;
}

/* ---- clients of HTTP/2 and HTTP/3 ---- */

static bool listens_http2(const struct nginx *n, const struct nginx_block *server)
{
	for (size_t i = 0; i < n->listener_count; i++)
		if (n->listeners[i].http2 && name_list_has(&server->listens, n->listeners[i].address))
			return true;
	return false;
}

/* A listener is one socket, so http2 of one server counts for all that share it. */
static bool speaks_http2(const struct nginx *n, const struct nginx_block *server)
{
	const struct nginx_block *block = server;
	while (block && block->http2 == NGINX_FLAG_UNSET)
		block = block->parent;
	bool on = block && block->http2 == NGINX_FLAG_ON;
	return on || server->quic || listens_http2(n, server);
}

static double streams_of(const struct nginx_block *block)
{
	while (block && isnan(block->streams))
		block = block->parent;
	if (block)
		return block->streams;
	return STREAMS;
}

void nginx_find_streams(struct nginx *n)
{
	const struct nginx_block *last = NULL;
	double used = plan_given(n->context, W_STREAMS);
	n->streams = 1;
	for (size_t i = 0; i < n->route_count; i++) {
		const struct nginx_block *server = n->routes[i].block;
		while (server && server->kind != NGINX_HTTP_SERVER)
			server = server->parent;
		if (!server || server == last)
			continue;
		last = server;
		double streams = streams_of(server);
		if (streams <= n->streams || !speaks_http2(n, server))
			continue;
		n->streams = streams;
		n->streams_from = n->routes[i].where;
	}
	if (used >= 1)
		n->streams = fmin(n->streams, used);
}
