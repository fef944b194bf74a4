/* How many ports the existing sockets leave for a plan. */
#ifndef HEADROOM_MODEL_POOLS_POOLS_H
#define HEADROOM_MODEL_POOLS_POOLS_H

#include "model/fact.h"
#include "model/load/workload.h"

enum {
	POOLS_JUDGED = 64 /* of more destinations only those with the fewest ports left are judged */
};

/* Adds derived facts for each destination of a completed plan, by its name there, and for "", any
 * other destination. destination.in_use: ports that its pool uses now. destination.blocked: ports
 * that are unavailable for another reason. destination.sharing: how many destinations of the plan
 * have the same address and port. If the observations allow several answers, a fact is skipped and
 * its bounds are added as …_best and …_worst. Call derive_facts() first. */
void pools_derive(struct facts *facts, const struct workload *workload);
/* Gives the unit of one of these facts; returns false for any other name. */
bool pools_type(const char *name, enum unit *ret_unit);

#endif
