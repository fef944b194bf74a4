/* A host and a plan, before or after some fixes. */
#ifndef HEADROOM_MODEL_STATE_H
#define HEADROOM_MODEL_STATE_H

#include "model/fact.h"
#include "model/load/courses.h"
#include "model/rule.h"

struct state {
	const struct facts **facts; /* for each load: the host's facts and those derived for the load */
	struct loads loads;         /* completed */
	struct courses *courses;    /* the courses of these loads; NULL: not computed yet */
};

/* Returns the state of a completed plan on a host. Takes over `facts` and derives further facts. */
struct state state_new(struct arena *arena,
		const struct rules *rules,
		struct facts *facts,
		const struct loads *loads);

/* Replaces the facts of load `at` and derives the further facts again. */
void state_put_facts(struct state *state,
		const struct rules *rules,
		size_t at,
		struct facts *facts);

/* Returns the facts of all loads; if they differ, those of the first load that has them. */
const struct facts *state_facts(struct arena *arena, const struct state *state);

#endif
