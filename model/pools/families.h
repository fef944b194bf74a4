/* Which address families (IPv4, IPv6) a plan connects to. */
#ifndef HEADROOM_MODEL_POOLS_FAMILIES_H
#define HEADROOM_MODEL_POOLS_FAMILIES_H

#include "model/fact.h"
#include "model/load/workload.h"

struct plan_families {
	bool ipv4, ipv6;
};

/* Returns the families of the destinations that the plan names (for a proxy also of its upstreams),
 * or else of its source addresses. A name counts with all its addresses; a name without known
 * addresses counts as IPv4, and so does a plan that names nothing. */
struct plan_families plan_families_of(struct arena *arena,
		const struct facts *facts,
		const struct workload *workload);

/* Returns the families that the plan's connections may have: both if the plan does not say. A
 * proxy's clients may use either, a name may have any address, and [::] listens for both. */
struct plan_families plan_families_possible(struct arena *arena,
		const struct facts *facts,
		const struct workload *workload);

#endif
