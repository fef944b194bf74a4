/* Which families of addresses a plan connects to. */
#ifndef HEADROOM_MODEL_POOLS_FAMILIES_H
#define HEADROOM_MODEL_POOLS_FAMILIES_H

#include "model/fact.h"
#include "model/load/workload.h"

struct plan_families {
	bool ipv4, ipv6;
};

/* The families of the destinations that the plan names (for a proxy also of those behind it), else
 * of the source addresses. A name counts with all its addresses. A name without known addresses
 * counts as IPv4, and so does a plan that names nothing. */
struct plan_families plan_families_of(struct arena *arena,
		const struct facts *facts,
		const struct workload *workload);

/* Those that the plan's connections may have: both where it does not say. A proxy's clients may be
 * anybody, a name may have any address, and [::] listens for both. */
struct plan_families plan_families_possible(struct arena *arena,
		const struct facts *facts,
		const struct workload *workload);

#endif
