/* The fix ladder: for what binds, the first fix that helps, then what binds next, until the plan
 * fits. */
#ifndef HEADROOM_MODEL_LADDER_H
#define HEADROOM_MODEL_LADDER_H

#include "model/change.h"

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

/* The plan at a scale: counts floored, rates as they are. */
struct load_point load_at(const struct loads *loads, double scale);

/* The highest load that no counted limit forbids; scale INFINITY: none does. at_most where nothing
 * is known of a limit: it counts as good as it can be. */
struct load_point state_max_safe(const struct state *state, const struct all_limits *limits);

/* Hosts that this state needs for the plan: 1 / the lowest highest-safe scale of the limits that
 * divide, rounded up. NAN: hosts do not help (a shared limit fails, or one is used up before the
 * first connection) or unknown. */
double hosts_needed(const struct all_limits *limits, double share);
/* The hosts for this share where each carries `lowest` of the plan. NAN: it carries nothing. */
double hosts_for(double lowest, double share);

#endif
