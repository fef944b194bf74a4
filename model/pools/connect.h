/* connect() without bind(), and with IP_BIND_ADDRESS_NO_PORT: it shares a port with sockets of
 * other pools, but not with a socket that listens or called bind(), whatever its address. Whether a
 * connected socket called bind() cannot be seen from outside: at best none did, at worst all did.
 */
#ifndef HEADROOM_MODEL_POOLS_CONNECT_H
#define HEADROOM_MODEL_POOLS_CONNECT_H

#include "model/pools/bounds.h"
#include "model/pools/view.h"

/* `destination` as the plan has it; "": any other one. `use`: ports of its own pool in use;
 * `blocked`: ports that are not to be had for another reason. */
void pool_connect(const struct pool_view *view,
		const char *destination,
		struct bounds *ret_use,
		struct bounds *ret_blocked);

#endif
