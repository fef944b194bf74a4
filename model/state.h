/* A host and a plan, before or after some fixes. */
#ifndef HEADROOM_MODEL_STATE_H
#define HEADROOM_MODEL_STATE_H

#include "model/fact.h"
#include "model/load/courses.h"
#include "model/rule.h"

struct state {
	const struct facts **facts; /* for each load: of the host, and what follows for the load */
	struct loads loads;         /* completed */
	struct courses *courses;    /* of these loads; NULL: not looked at yet */
};

/* The state of a completed plan on a host. Takes the facts over, and derives what follows. */
struct state state_new(struct arena *arena,
		const struct rules *rules,
		struct facts *facts,
		const struct loads *loads);

/* Takes the facts of load `at` into the same plan after they have changed, and derives again what
 * follows from them. */
void state_put_facts(struct state *state,
		const struct rules *rules,
		size_t at,
		struct facts *facts);

/* The facts of all loads; where they differ, those of the first that has them. */
const struct facts *state_facts(struct arena *arena, const struct state *state);

#endif
