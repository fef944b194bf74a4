/* connect() without bind(), or with IP_BIND_ADDRESS_NO_PORT. It can share a port with sockets of
 * other pools, but not with a socket that listens or called bind(), on any address. Nobody can see
 * from outside whether a connected socket called bind(): at best none did, at worst all did. */
#ifndef HEADROOM_MODEL_POOLS_CONNECT_H
#define HEADROOM_MODEL_POOLS_CONNECT_H

#include "model/pools/bounds.h"
#include "model/pools/view.h"

/* `destination` as written in the plan; "": any other destination. *ret_use: ports that its pool
 * uses now. *ret_blocked: ports that are unavailable for another reason. */
void pool_connect(const struct pool_view *view,
		const char *destination,
		struct bounds *ret_use,
		struct bounds *ret_blocked);

#endif
