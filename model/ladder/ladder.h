/* The fix ladder: for what binds, the first fix that helps, then what binds next, until the plan
 * fits. */
#ifndef HEADROOM_MODEL_LADDER_H
#define HEADROOM_MODEL_LADDER_H

#include "model/change.h"
#include "model/ladder/hosts.h"

/* Fills ret_result->fixes (the ladder, then alternatives for what binds now, then fixes of advisory
 * limits) and gives the state after the ladder's fixes of this host and plan (not: more hosts). */
bool ladder_climb(struct arena *arena,
		const struct rules *rules,
		const struct state *now,
		const struct all_limits *limits,
		const struct model_options *options,
		struct result *ret_result,
		struct state *ret_after,
		struct error *err);

/* The highest load that no counted limit forbids; scale INFINITY: none does. at_most where nothing
 * is known of a limit: it counts as good as it can be. */
struct load_point state_max_safe(const struct state *state, const struct all_limits *limits);

#endif
