/* Facts about pools of ports. */
#ifndef HEADROOM_PROBES_HOST_SOCKETS_POOL_FACTS_H
#define HEADROOM_PROBES_HOST_SOCKETS_POOL_FACTS_H

#include "base/address.h"
#include "model/fact.h"
#include "probes/host/probing.h"
#include "probes/host/sockets/tally.h"

/* What was counted, kept as long as the run: the plan is known only later, and then the pools of
 * its destinations are asked for. */
struct seen_pools {
	const struct pools *pools;
	double total, largest_unlisted;
	const char *read_at;
};

/* Puts ports.in_use, local.ports[ADDRESS], pools.total and the pools with the most sockets, and
 * keeps what was counted in probing->info->pools. `pinned` is the fact ports.pinned, or NULL. */
void pool_facts_put(struct probing *probing, const struct socket_tally *tally, const char *pinned);
/* None of this is known. */
void pool_facts_put_unreadable(struct probing *probing,
		int error,
		const char *path,
		const char *note);
/* An address with a port; port 0: any of its ports. */
struct pool_target {
	struct address address;
	unsigned port;
};

/* Puts all pools towards these, and where the facts do not list all pools, pool.counted for each of
 * these that has a port. Returns the number of those pools, and their destinations. */
size_t pool_facts_put_towards(struct facts *facts,
		const struct seen_pools *seen,
		const struct pool_target *targets,
		size_t count,
		struct pool_target **ret_used);

#endif
