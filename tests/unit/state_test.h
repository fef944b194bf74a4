/* A plan with one load on a host, in the form that the model takes. */
#ifndef HEADROOM_TESTS_UNIT_STATE_TEST_H
#define HEADROOM_TESTS_UNIT_STATE_TEST_H

#include "model/state.h"

/* Derives nothing: the load gets these facts. The workload must be completed. */
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
