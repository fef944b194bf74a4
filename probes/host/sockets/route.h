/* The local address that the kernel gives to a connection without bind(). */
#ifndef HEADROOM_PROBES_HOST_SOCKETS_ROUTE_H
#define HEADROOM_PROBES_HOST_SOCKETS_ROUTE_H

#include <stdbool.h>

#include "base/address.h"

/* Questions to the routing table of the network namespace in which it was opened. */
struct route_query;

/* NULL: netlink cannot be used. */
struct route_query *route_open(void);
void route_close(struct route_query *query);
/* false: there is no route, or it names no address. */
bool route_source(struct route_query *query, const struct address *to, struct address *ret_source);

#endif
