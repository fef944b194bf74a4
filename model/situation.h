/* A host and a plan together: where the names in formulas get their values. */
#ifndef HEADROOM_MODEL_SITUATION_H
#define HEADROOM_MODEL_SITUATION_H

#include "model/load/courses.h"
#include "model/load/egress.h"
#include "model/options.h"
#include "model/result.h"
#include "model/state.h"

/* One load of the plan. */
struct load {
	size_t at;                       /* its place in the plan */
	const char *name;                /* NULL: there is no other */
	const struct workload *workload; /* completed */
	const struct facts *facts;       /* derived for it */
	struct timeline down, up;        /* its course, and a proxy's upstream side */
	double end_s;                    /* its own end; the plan may go on */
	struct egress egress;
	double share_here, up_share_here; /* part of the closes that leaves TIME_WAIT here */
};

struct situation {
	struct arena *arena;
	const struct rules *rules;
	const struct state *state;
	const struct facts *facts; /* derived for the first load */
	const struct model_options *options;
	const struct load *loads; /* those that ask for something */
	size_t load_count;        /* at least 1 */
	struct timeline together; /* all clients and servers */
	struct grids *grids;      /* what limits have found out about its course */
};

/* The load at this place of the plan; the first one where it asks for nothing. */
const struct load *situation_load(const struct situation *situation, size_t at);

/* Fails on an unknown --egress. What the state points to must live as long as the situation. */
bool situation_build(struct arena *arena,
		const struct rules *rules,
		const struct state *state,
		const struct model_options *options,
		struct situation *ret_situation,
		struct error *err);

#endif
