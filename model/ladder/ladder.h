/* The fix ladder: the first fix that helps against the limit reached first, then against the next
 * one, until the plan fits. */
#ifndef HEADROOM_MODEL_LADDER_H
#define HEADROOM_MODEL_LADDER_H

#include "model/change.h"
#include "model/ladder/hosts.h"

/* Fills ret_result->fixes with the ladder, then with alternatives for the limit that is reached
 * first today, then with fixes of advisory limits. *ret_after is the state after those fixes of the
 * ladder that change this host or the plan, so without "more hosts". false with err. */
bool ladder_climb(struct arena *arena,
		const struct rules *rules,
		const struct state *now,
		const struct all_limits *limits,
		const struct model_options *options,
		struct result *ret_result,
		struct state *ret_after,
		struct error *err);

/* Returns the highest load that all counted limits allow; scale INFINITY: any load. at_most is set
 * if a limit is unknown, which then counts at its best. */
struct load_point state_max_safe(const struct state *state, const struct all_limits *limits);

#endif
