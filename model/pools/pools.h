/* What sockets that are there already leave of the port range for a plan. */
#ifndef HEADROOM_MODEL_POOLS_POOLS_H
#define HEADROOM_MODEL_POOLS_POOLS_H

#include "model/fact.h"
#include "model/load/workload.h"

enum {
	POOLS_JUDGED = 64 /* of more destinations, those with the fewest ports left */
};

/* Adds derived facts for each destination of the plan, by the name it has there, and for "", any
 * other destination. destination.in_use: the ports of the range that the plan's own pool uses.
 * destination.blocked: the ports that are unavailable for another reason. Where the sockets that
 * were seen allow two answers, both facts are skipped and destination.in_use_best, …_worst,
 * destination.blocked_best and …_worst are the bounds. destination.sharing is how many destinations
 * of the plan have the same address and port, with bounds as well where an address is not known.
 * The facts must have been derived, and the plan completed. */
void pools_derive(struct facts *facts, const struct workload *workload);
/* Gives the unit of one of these names; false for any other name. */
bool pools_type(const char *name, enum unit *ret_unit);

#endif
