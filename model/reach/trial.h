/* Judges one plan on one host: the beginning of every report and search. */
#ifndef HEADROOM_MODEL_REACH_TRIAL_H
#define HEADROOM_MODEL_REACH_TRIAL_H

#include "model/change.h"
#include "model/result.h"

/* What judging needs besides the result. */
struct trial {
	struct arena *arena;
	const struct rules *rules;
	const struct model_options *options;
	const struct loads *plan; /* not completed */
	struct state now;
	struct situation situation;
	struct all_limits limits;
};

/* Completes trial->plan and judges every limit: fills now, situation, limits and the basic parts of
 * the result. With `texts` also formulas and lists of facts. false with err. */
bool trial_judge(struct trial *trial,
		const struct facts *facts,
		bool texts,
		struct result *ret_result,
		struct error *err);

#endif
