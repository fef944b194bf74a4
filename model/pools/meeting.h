/* Which destinations of two loads are one pool of ports. */
#ifndef HEADROOM_MODEL_POOLS_MEETING_H
#define HEADROOM_MODEL_POOLS_MEETING_H

#include <stdbool.h>

#include "model/fact.h"
#include "model/load/workload.h"

/* The named destinations of a load (a proxy's: those of its upstream side). */
struct destinations;

struct destinations *destinations_of_load(struct arena *arena,
		const struct facts *facts,
		const struct workload *workload);
/* 0: the load does not name them. */
size_t destinations_count(const struct destinations *destinations);
const char *destinations_name(const struct destinations *destinations, size_t i);

/* Returns a destination that has the same address and port as number i of `other`, or NULL.
 * *ret_sure is false if the address of one of the two is not known: then they may be the same. */
const char *destinations_meet(const struct destinations *destinations,
		const struct destinations *other,
		size_t i,
		bool *ret_sure);

/* Does any one of them meet one of the others, or may it? */
bool destinations_overlap(const struct destinations *a, const struct destinations *b);

#endif
