/* Facts about pools of ports. */
#ifndef HEADROOM_PROBES_HOST_SOCKETS_POOL_FACTS_H
#define HEADROOM_PROBES_HOST_SOCKETS_POOL_FACTS_H

#include "base/address.h"
#include "model/fact.h"
#include "probes/host/probing.h"
#include "probes/host/sockets/tally.h"

/* The counts, kept for the whole run: the plan is known only later, and then the pools of its
 * destinations are needed. */
struct seen_pools {
	const struct pools *pools;
	double total, largest_unlisted;
	const char *read_at;
};

/* Puts ports.in_use, local.ports[ADDRESS], pools.total and the pools with the most sockets, and
 * stores the counts in probing->info->pools. `pinned`: the fact ports.pinned, or NULL. */
void pool_facts_put(struct probing *probing, const struct socket_tally *tally, const char *pinned);
/* Puts that none of this is known. */
void pool_facts_put_unreadable(struct probing *probing,
		int error,
		const char *path,
		const char *note);
/* An address and a port; port 0: all of its ports. */
struct pool_target {
	struct address address;
	unsigned port;
};

/* Puts all pools to these targets and, if the facts do not list all pools, pool.counted for each
 * target with a port. Returns the number of these pools; *ret_used has the destination of each. */
size_t pool_facts_put_towards(struct facts *facts,
		const struct seen_pools *seen,
		const struct pool_target *targets,
		size_t count,
		struct pool_target **ret_used);

#endif
