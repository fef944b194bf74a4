/* A bind() before connect() takes its port away from every destination, but fails only if a socket
 * with a conflicting address uses the port. UDP sockets behave the same way. */
#ifndef HEADROOM_MODEL_POOLS_BIND_H
#define HEADROOM_MODEL_POOLS_BIND_H

#include "model/pools/bounds.h"
#include "model/pools/view.h"

/* Return how many ports the plan's sockets to this destination cannot use. */
struct bounds pool_bind(const struct pool_view *view, const char *destination);
struct bounds pool_bind_udp(const struct pool_view *view, const char *destination);

#endif
