/* A plan of one load on a host, as the model takes it. */
#ifndef HEADROOM_TESTS_UNIT_STATE_TEST_H
#define HEADROOM_TESTS_UNIT_STATE_TEST_H

#include "model/state.h"

/* Nothing is derived: the facts are those of the load. The workload must be completed. */
static inline struct state state_of_one(struct arena *arena,
		const struct facts *facts,
		struct workload *workload)
{
	struct state state = {.loads = loads_of(workload)};
	state.facts = arena_alloc(arena, sizeof *state.facts);
	state.facts[0] = facts;
	return state;
}

#endif
