/* What the queues of the plan's listener hold. */
#ifndef HEADROOM_MODEL_QUEUES_QUEUES_H
#define HEADROOM_MODEL_QUEUES_QUEUES_H

#include "model/fact.h"
#include "model/load/workload.h"

/* Adds for each listener of the plan, and for "" where it may be one of several, the derived facts
 * listener.capacity (connections that its queues hold), listener.taken (those that wait in them)
 * and listener.queues (how many queues a burst is spread over). Where what was seen allows two
 * answers they are skipped, and …_best and …_worst are the bounds. Where the plan has no listener
 * here, listener.capacity_worst of "" is absent. */
void queues_derive(struct facts *facts, const struct workload *workload);
/* The unit of one of these names; false: it is none. */
bool queues_type(const char *name, enum unit *ret_unit);

/* A backlog that was assumed becomes that of the plan's own listener, unless it is known what a
 * program of its runtime asks for. `assumptions` are those of the plan. */
void queues_complete(struct arena *arena,
		const struct facts *facts,
		struct workload *workload,
		struct assumption *assumptions,
		size_t count);

#endif
