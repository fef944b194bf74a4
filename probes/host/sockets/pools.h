/* Pools of ports. The kernel assigns local ports separately for each pair of a local address and a
 * destination, so connected sockets are counted by that pair. */
#ifndef HEADROOM_PROBES_HOST_SOCKETS_POOLS_H
#define HEADROOM_PROBES_HOST_SOCKETS_POOLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/portset.h"
#include "probes/host/sockets/endpoint.h"

enum {
	POOLS_MAX = 65536,
	POOLS_SHOWN = 32,
	POOLS_DETAIL = 4096,
	POOLS_ROUTED = 256, /* most pools whose route is looked up */
	LOCALS_MAX = 256
};

/* The sockets of one pool. No port occurs twice in it, because the kernel keeps the address pairs
 * of connections unique. */
struct pool {
	struct endpoint from; /* without a port */
	struct endpoint to;
	uint32_t sockets, established, time_wait;
	/* Ports that connect() could use without this pool: not reserved, and without a listener or
	 * bound socket. `reusable` counts those in TIME_WAIT that tcp_tw_reuse may take now, `ports`
	 * the others. */
	uint32_t ports, reusable;
};

/* The ports that connected sockets of one local address use. */
struct local {
	struct endpoint at; /* without a port */
	struct portset held;
};

/* A destination to which connect() without bind() uses another local address than some pool. */
struct pool_route {
	struct endpoint to, source; /* without ports */
};

/* Everything lives in the arena. */
struct pools {
	struct pool *table; /* open addressing; a slot with sockets == 0 is free */
	size_t size, count;
	bool more; /* there are more than POOLS_MAX, whose sockets are not counted by pool */
	struct local *locals;
	size_t local_count, local_capacity, local_last;
	bool more_locals;
	struct pool_route *routes;
	size_t route_count, route_capacity;
	bool routes_known; /* routes were looked up */
};

/* One connected socket. `is_free`: connect() could use its port without it. `reusable`:
 * tcp_tw_reuse may take it. */
struct pool_socket {
	const struct endpoint *local, *remote;
	bool established, time_wait, is_free, reusable;
};
void pools_add(struct arena *arena, struct pools *pools, const struct pool_socket *socket);
/* Puts back a stored pool, which has at least one socket. */
void pools_set(struct arena *arena, struct pools *pools, const struct pool *pool);
/* Returns the ports of a local address, or NULL if it uses none or there are more than LOCALS_MAX
 * addresses. */
struct local *pools_local(struct arena *arena, struct pools *pools, const struct endpoint *at);
void pools_add_route(struct arena *arena, struct pools *pools, const struct pool_route *route);
/* Gives all pools, those with the most sockets first (then by address), and returns their
 * number. */
size_t pools_sorted(struct arena *arena, const struct pools *pools, const struct pool ***ret_all);

#endif
