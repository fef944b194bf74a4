/* Finds destinations of two loads that share one pool of ports. */
#ifndef HEADROOM_MODEL_POOLS_MEETING_H
#define HEADROOM_MODEL_POOLS_MEETING_H

#include <stdbool.h>

#include "model/fact.h"
#include "model/load/workload.h"

/* The destinations that a load names; for a proxy those of its upstream side. */
struct destinations;

struct destinations *destinations_of_load(struct arena *arena,
		const struct facts *facts,
		const struct workload *workload);
/* Returns 0 if the load does not name its destinations. */
size_t destinations_count(const struct destinations *destinations);
const char *destinations_name(const struct destinations *destinations, size_t i);

/* Returns the destination with the same address and port as number i of `other`, or NULL. *ret_sure
 * is false if an address is not known, so that they may be different after all. */
const char *destinations_meet(const struct destinations *destinations,
		const struct destinations *other,
		size_t i,
		bool *ret_sure);

/* Returns true if a destination of one load is, or may be, a destination of the other. */
bool destinations_overlap(const struct destinations *a, const struct destinations *b);

#endif
