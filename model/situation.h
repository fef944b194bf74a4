/* A host and a plan together: where the names in formulas get their values. */
#ifndef HEADROOM_MODEL_SITUATION_H
#define HEADROOM_MODEL_SITUATION_H

#include "model/fact.h"
#include "model/load/timeline.h"
#include "model/load/workload.h"
#include "model/options.h"
#include "model/result.h"
#include "model/rule.h"

/* A plan is a list of loads, which share one clock and one scale. Each has a situation of its own,
 * in which names mean that load's. */
struct situation {
	struct arena *arena;
	const struct rules *rules;
	const struct facts *facts;       /* derived */
	const struct workload *workload; /* completed */
	const struct model_options *options;
	struct timeline down, up;         /* the plan, and a proxy's upstream side */
	const struct egress_rule *egress; /* NULL: none */
	double egress_ips;
	double share_here, up_share_here; /* part of the closes that leaves TIME_WAIT here */
	const struct situation *loads;    /* of every load of the plan, this one included */
	size_t load_count;
};

/* Of a plan of these loads, which must be completed. ret_situation is that of the first. Fails on
 * an unknown --egress. facts must have been derived. */
bool situation_of_loads(struct arena *arena,
		const struct rules *rules,
		const struct facts *facts,
		const struct workload *workloads,
		size_t count,
		const struct model_options *options,
		struct situation *ret_situation,
		struct error *err);

/* The same of a plan that is one load. */
bool situation_build(struct arena *arena,
		const struct rules *rules,
		const struct facts *facts,
		const struct workload *workload,
		const struct model_options *options,
		struct situation *ret_situation,
		struct error *err);

#endif
