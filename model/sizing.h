/* Numbers of hosts in the result: for the plan, for its groups, and by load. */
#ifndef HEADROOM_MODEL_SIZING_H
#define HEADROOM_MODEL_SIZING_H

#include "model/change.h"

/* Sets hosts_now, hosts_after and the groups of the result. `after`: all limits with the ladder's
 * fixes in place. */
void sizing_hosts(struct arena *arena,
		const struct all_limits *now,
		const struct all_limits *after,
		struct result *result);

/* Sets the number of hosts for multiples of the plan, from a quarter up. */
void sizing_curve(struct arena *arena,
		const struct all_limits *now,
		const struct all_limits *after,
		struct result *result);

#endif
