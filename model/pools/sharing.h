/* Several names for one address, and a name and its address, share one pool of ports. */
#ifndef HEADROOM_MODEL_POOLS_SHARING_H
#define HEADROOM_MODEL_POOLS_SHARING_H

#include "model/pools/bounds.h"
#include "model/pools/view.h"

/* A destination of the plan, and how many of the plan's destinations share its pool, each counted
 * with its weight. At worst all names use the address that they have in common, and a name without
 * a known address is any of those with the same port. */
struct pool_sharing {
	const char *destination;
	unsigned weight;
	struct bounds names;
};

void pool_count_sharing(const struct pool_view *view, struct pool_sharing *all, size_t count);

#endif
