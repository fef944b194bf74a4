/* Who closes nginx's connections to upstreams, and when. */
#ifndef HEADROOM_PROBES_PLAN_NGINX_NGINX_FATE_H
#define HEADROOM_PROBES_PLAN_NGINX_NGINX_FATE_H

#include "probes/plan/nginx/nginx.h"

/* What becomes of the connections to an upstream. Later ones are worse for nginx's host. */
enum nginx_fate {
	NGINX_NONE,            /* no connection over IP */
	NGINX_KEPT,            /* reused by later requests */
	NGINX_FOLLOWS,         /* one for each connection of a client */
	NGINX_UPSTREAM_CLOSES, /* one for each request, closed by the upstream */
	NGINX_CLOSES           /* one for each request, closed by nginx, which keeps the TIME_WAIT */
};

/* nginx before and since 1.29.7, which keeps connections by default. */
enum nginx_era {
	NGINX_BEFORE,
	NGINX_SINCE
};

struct nginx_outcome {
	enum nginx_fate fate;
	const struct nginx_route *route; /* the route that decides; NULL: none */
	const struct nginx_group *group; /* its upstream block; NULL: none */
	const char *address;             /* the destination, with variables replaced */
	bool sockets;                    /* the destination is a unix socket */
	bool unknown;                    /* the destination is not known before nginx runs */
	bool http11;                     /* the request uses HTTP/1.1 */
	bool upgrades;                   /* passes WebSockets on */
};

/* The worst outcome of all routes, and of those that keep connections the one with the smallest
 * pool per server. */
struct nginx_worst {
	struct nginx_outcome outcome, kept;
	bool mixed; /* other routes have better outcomes or other destinations */
};
struct nginx_worst nginx_worst(const struct nginx *n, enum nginx_era era);
/* Returns true if an answer may come from a cache, so that a request opens no connection. */
bool nginx_is_cached(const struct nginx_route *route);
/* Returns how many idle connections its pool keeps for each server. */
double nginx_pool_for_each(const struct nginx_group *group);
/* Returns the most upstream requests that one request causes: itself, mirror and auth_request. All
 * of them may have the worst outcome. */
double nginx_requests_each(const struct nginx *n);
/* Returns true for the address of a unix socket ("unix:/run/app.sock",
 * "http://unix:/run/app.sock:/"). */
bool nginx_is_unix(const char *address);

/* Sets n->streams by the servers whose requests are passed on. */
void nginx_find_streams(struct nginx *n);

/* Fills in the plan's upstream side. `all`: the most connections of both sides together. */
void nginx_set_upstream(struct nginx *n, double all, double workers);

#endif
