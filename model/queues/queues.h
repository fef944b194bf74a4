/* How many connections fit into the queues of the plan's listener. */
#ifndef HEADROOM_MODEL_QUEUES_QUEUES_H
#define HEADROOM_MODEL_QUEUES_QUEUES_H

#include "model/fact.h"
#include "model/load/workload.h"

/* Adds derived facts for each listener of the plan, and for "" if it may be one of several.
 * listener.capacity: how many connections fit into its queues. listener.taken: how many wait there
 * now. listener.queues: how many queues a burst is spread over. If the observations allow several
 * answers, a fact is skipped and its bounds are added as …_best and …_worst. If the plan has no
 * listener on this host, listener.capacity_worst of "" is absent. */
void queues_derive(struct facts *facts, const struct workload *workload);
/* Gives the unit of one of these facts; returns false for any other name. */
bool queues_type(const char *name, enum unit *ret_unit);

/* Replaces an assumed backlog by that of the plan's listener on this host, unless the backlog of
 * programs of its runtime is known. `assumptions` are those of the plan. */
void queues_complete(struct arena *arena,
		const struct facts *facts,
		struct workload *workload,
		struct assumption *assumptions,
		size_t count);

#endif
