/* bind() before connect() takes a port away from every destination, but only sockets whose address
 * conflicts are in its way. So it is for each UDP socket. */
#ifndef HEADROOM_MODEL_POOLS_BIND_H
#define HEADROOM_MODEL_POOLS_BIND_H

#include "model/pools/bounds.h"
#include "model/pools/view.h"

/* The ports that are not free for the plan's sockets towards this destination. */
struct bounds pool_bind(const struct pool_view *view, const char *destination);
struct bounds pool_bind_udp(const struct pool_view *view, const char *destination);

#endif
