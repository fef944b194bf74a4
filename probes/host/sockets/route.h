/* Finds the local address that the kernel chooses for a connection without bind(). */
#ifndef HEADROOM_PROBES_HOST_SOCKETS_ROUTE_H
#define HEADROOM_PROBES_HOST_SOCKETS_ROUTE_H

#include <stdbool.h>

#include "base/address.h"

/* Queries to the routing table of the network namespace in which it was opened. */
struct route_query;

/* Returns NULL if netlink cannot be used. Free with route_close. */
struct route_query *route_open(void);
void route_close(struct route_query *query);
/* Returns false if there is no route or it names no address. */
bool route_source(struct route_query *query, const struct address *to, struct address *ret_source);

#endif
