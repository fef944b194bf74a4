/* How many connections the queues of the plan's listener have room for. */
#ifndef HEADROOM_MODEL_QUEUES_QUEUES_H
#define HEADROOM_MODEL_QUEUES_QUEUES_H

#include "model/fact.h"
#include "model/load/workload.h"

/* Adds derived facts for each listener of the plan, and for "" where it may be one of several:
 * listener.capacity (how many connections its queues have room for), listener.taken (how many wait
 * in them) and listener.queues (how many queues a burst is spread over). Where what was seen allows
 * two answers they are skipped, and …_best and …_worst are the bounds. Where the plan has no
 * listener here, listener.capacity_worst of "" is absent. */
void queues_derive(struct facts *facts, const struct workload *workload);
/* Gives the unit of one of these names; false for any other name. */
bool queues_type(const char *name, enum unit *ret_unit);

/* Replaces an assumed backlog by that of the plan's own listener, unless the backlog that programs
 * of its runtime ask for is known. `assumptions` are those of the plan. */
void queues_complete(struct arena *arena,
		const struct facts *facts,
		struct workload *workload,
		struct assumption *assumptions,
		size_t count);

#endif
