/* A host and a plan together: they give the names in formulas their values. */
#ifndef HEADROOM_MODEL_SITUATION_H
#define HEADROOM_MODEL_SITUATION_H

#include "model/load/courses.h"
#include "model/load/egress.h"
#include "model/options.h"
#include "model/result.h"
#include "model/state.h"

/* One load of the plan. */
struct load {
	size_t at;                       /* its index in the plan */
	const char *name;                /* NULL: it is the only load */
	const struct workload *workload; /* completed */
	const struct facts *facts;       /* derived for this load */
	struct timeline down, up;        /* its course, and that of a proxy's upstream side */
	double end_s;                    /* when it ends; the plan may go on */
	struct egress egress;
	/* Part of the closes that leave TIME_WAIT on this host, 0 to 1. */
	double share_here, up_share_here;
};

struct situation {
	struct arena *arena;
	const struct rules *rules;
	const struct state *state;
	const struct facts *facts; /* derived for the first load */
	const struct model_options *options;
	const struct load *loads; /* those that open connections */
	size_t load_count;        /* at least 1 */
	struct timeline together; /* the sum of all loads */
	struct grids *grids;      /* computed for limits on this course */
};

/* Returns the load with this index in the plan, or the first load if that one opens no
 * connection. */
const struct load *situation_load(const struct situation *situation, size_t at);

/* Builds the situation. false with err if --egress is unknown. What the state points to must live
 * as long as the situation. */
bool situation_build(struct arena *arena,
		const struct rules *rules,
		const struct state *state,
		const struct model_options *options,
		struct situation *ret_situation,
		struct error *err);

#endif
