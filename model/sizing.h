/* What the result says in round numbers: hosts, groups, the curves for charts. */
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

/* The plan over time at scale 1, with the use of every limit that applies. */
void sizing_timeline(const struct situation *situation,
		const struct all_limits *limits,
		struct result *result);

#endif
