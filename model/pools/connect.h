/* connect() without bind(), and with IP_BIND_ADDRESS_NO_PORT. It can share a port with sockets of
 * other pools, but not with a socket that listens or that called bind(), on any address. Nobody can
 * see from outside whether a connected socket called bind(): in the best case none did, in the
 * worst all did. */
#ifndef HEADROOM_MODEL_POOLS_CONNECT_H
#define HEADROOM_MODEL_POOLS_CONNECT_H

#include "model/pools/bounds.h"
#include "model/pools/view.h"

/* `destination` as written in the plan; "": any other one. `use`: ports of its own pool in use;
 * `blocked`: ports that are unavailable for another reason. */
void pool_connect(const struct pool_view *view,
		const char *destination,
		struct bounds *ret_use,
		struct bounds *ret_blocked);

#endif
