/* A host and a plan together: where the names in formulas get their values. */
#ifndef HEADROOM_MODEL_SITUATION_H
#define HEADROOM_MODEL_SITUATION_H

#include "model/fact.h"
#include "model/load/timeline.h"
#include "model/load/workload.h"
#include "model/options.h"
#include "model/result.h"
#include "model/rule.h"

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
};

/* Fails on an unknown --egress. facts must have been derived. */
bool situation_build(struct arena *arena,
		const struct rules *rules,
		const struct facts *facts,
		const struct workload *workload,
		const struct model_options *options,
		struct situation *ret_situation,
		struct error *err);

#endif
