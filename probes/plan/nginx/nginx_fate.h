/* What becomes of nginx's connections to upstreams. */
#ifndef HEADROOM_PROBES_PLAN_NGINX_NGINX_FATE_H
#define HEADROOM_PROBES_PLAN_NGINX_NGINX_FATE_H

#include "probes/plan/nginx/nginx.h"

/* What becomes of the connections to an upstream. Later ones are worse for nginx's own host. */
enum nginx_fate {
	NGINX_NONE,            /* no connection over IP */
	NGINX_KEPT,            /* reused by later requests */
	NGINX_FOLLOWS,         /* one for each connection of a client */
	NGINX_UPSTREAM_CLOSES, /* one for each request */
	NGINX_CLOSES           /* the same, and TIME_WAIT is nginx's */
};

/* The semantics of the two sides of 1.29.7, which keeps connections by default. */
enum nginx_era {
	NGINX_BEFORE,
	NGINX_SINCE
};

struct nginx_outcome {
	enum nginx_fate fate;
	const struct nginx_route *route; /* the one that decides it; NULL: none */
	const struct nginx_group *group; /* its upstream block, or NULL */
	const char *address;             /* what it passes to, variables put in */
	bool sockets;                    /* it is a unix socket */
	bool unknown;                    /* where it goes is not known before nginx runs */
	bool http11;                     /* the request says HTTP/1.1 */
	bool upgrades;                   /* it passes WebSockets on */
};

/* The worst outcome of all routes, and of those that keep connections the one with the smallest
 * pool for each server. */
struct nginx_worst {
	struct nginx_outcome outcome, kept;
	bool mixed; /* others end better, or elsewhere */
};
struct nginx_worst nginx_worst(const struct nginx *n, enum nginx_era era);
/* May an answer come from a cache, so that a request opens no connection? */
bool nginx_is_cached(const struct nginx_route *route);
/* Idle connections that its pool keeps for each server. */
double nginx_pool_for_each(const struct nginx_group *group);
/* Requests to upstreams that come of one request at most: itself, mirror and auth_request. They may
 * all be those of the worst place. */
double nginx_requests_each(const struct nginx *n);
/* Is this the address of a unix socket ("unix:/run/app.sock", "http://unix:/run/app.sock:/")? */
bool nginx_is_unix(const char *address);

/* Sets n->streams, by the servers whose requests are passed on. */
void nginx_find_streams(struct nginx *n);

/* Fills in the plan's side to the upstreams; `all`: connections of either side at most. */
void nginx_set_upstream(struct nginx *n, double all, double workers);

#endif
