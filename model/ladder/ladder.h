/* The fix ladder: the first fix that helps against the limit reached first, then against the limit
 * reached next, until the plan fits. */
#ifndef HEADROOM_MODEL_LADDER_H
#define HEADROOM_MODEL_LADDER_H

#include "model/change.h"
#include "model/ladder/hosts.h"

/* Fills ret_result->fixes: the ladder, then alternatives for the limit that is reached first now,
 * then fixes of advisory limits. Gives the state after those fixes of the ladder that change this
 * host or the plan (not: more hosts). */
bool ladder_climb(struct arena *arena,
		const struct rules *rules,
		const struct state *now,
		const struct all_limits *limits,
		const struct model_options *options,
		struct result *ret_result,
		struct state *ret_after,
		struct error *err);

/* The highest load that no counted limit forbids; scale INFINITY if no limit forbids any load.
 * at_most where a limit is unknown: it then counts as good as it can be. */
struct load_point state_max_safe(const struct state *state, const struct all_limits *limits);

#endif
