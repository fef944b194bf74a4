/* One plan on one host, judged: what reports and searches begin with. */
#ifndef HEADROOM_MODEL_REACH_TRIAL_H
#define HEADROOM_MODEL_REACH_TRIAL_H

#include "model/change.h"
#include "model/result.h"

/* What judging needs beside the result. */
struct trial {
	struct arena *arena;
	const struct rules *rules;
	const struct model_options *options;
	const struct loads *plan; /* as given */
	struct state now;
	struct situation situation;
	struct all_limits limits;
};

/* Completes the plan of trial->plan and judges every limit: fills now, situation and limits, and of
 * the result what does not depend on them. texts: with formulas and lists of facts. */
bool trial_judge(struct trial *trial,
		const struct facts *facts,
		bool texts,
		struct result *ret_result,
		struct error *err);

#endif
