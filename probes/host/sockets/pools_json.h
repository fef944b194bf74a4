/* Pools as pools.json, which a snapshot keeps next to sockets.json. */
#ifndef HEADROOM_PROBES_HOST_SOCKETS_POOLS_JSON_H
#define HEADROOM_PROBES_HOST_SOCKETS_POOLS_JSON_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"
#include "probes/host/sockets/tally.h"

/* What pools.json keeps. */
struct kept_pools {
	struct pools pools;
	double total; /* number of pools counted; if above pools.count, only those with the most sockets
	                 were kept */
	double largest_unlisted; /* sockets of the largest pool that was not kept */
	const char *pinned;      /* the fact ports.pinned; NULL: not known */
};

/* Returns the tree; free it with cJSON_Delete. `pinned` may be NULL. */
cJSON *pools_to_json(struct arena *arena, const struct pools *pools, const char *pinned);
/* Returns false with err, which says where, if the text is malformed. */
bool pools_from_json(struct arena *arena,
		const char *bytes,
		size_t length,
		struct kept_pools *ret_kept,
		struct error *err);

#endif
