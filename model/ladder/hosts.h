/* The plan's load at a scale, and the number of hosts that share it. */
#ifndef HEADROOM_MODEL_LADDER_HOSTS_H
#define HEADROOM_MODEL_LADDER_HOSTS_H

#include "model/change.h"

/* Returns the load at a scale: connections rounded down, rates not rounded. */
struct load_point load_at(const struct loads *loads, double scale);

/* Returns how many hosts like this one `share` of the plan needs (1 is the whole plan). NAN: more
 * hosts do not help, because a limit that they share fails or one is used up before the first
 * connection. */
double hosts_needed(const struct all_limits *limits, double share);
/* Returns the number of hosts for `share` if each carries `lowest` of the plan; NAN if each carries
 * nothing. */
double hosts_for(double lowest, double share);

#endif
