/* Names of one address, and an address beside its name, are one pool of ports. */
#ifndef HEADROOM_MODEL_POOLS_SHARING_H
#define HEADROOM_MODEL_POOLS_SHARING_H

#include "model/pools/bounds.h"
#include "model/pools/view.h"

/* A destination of the plan, and how many destinations of the plan are its pool. One that is named
 * more often than others counts as more, by its weight. At worst all names
 * use the address that they have in common, and names whose address is not known are any of those
 * with the same port. */
struct pool_sharing {
	const char *destination;
	unsigned weight;
	struct bounds names;
};

void pool_count_sharing(const struct pool_view *view, struct pool_sharing *all, size_t count);

#endif
