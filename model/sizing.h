/* What the result says in round numbers: hosts, groups, hosts by load. */
#ifndef HEADROOM_MODEL_SIZING_H
#define HEADROOM_MODEL_SIZING_H

#include "model/change.h"

/* hosts_now, hosts_after and the groups. `after`: all limits with the ladder's fixes in place. */
void sizing_hosts(struct arena *arena,
		const struct all_limits *now,
		const struct all_limits *after,
		struct result *result);

/* Hosts for multiples of the plan, from a quarter on. */
void sizing_curve(struct arena *arena,
		const struct all_limits *now,
		const struct all_limits *after,
		struct result *result);

#endif
