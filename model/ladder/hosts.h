/* The plan at a scale, and over how many hosts it is split. */
#ifndef HEADROOM_MODEL_LADDER_HOSTS_H
#define HEADROOM_MODEL_LADDER_HOSTS_H

#include "model/change.h"

/* The plan at a scale: counts floored, rates as they are. */
struct load_point load_at(const struct loads *loads, double scale);

/* Hosts that this state needs for the plan: 1 / the lowest highest-safe scale of the limits that
 * divide, rounded up. NAN: hosts do not help (a shared limit fails, or one is used up before the
 * first connection) or unknown. */
double hosts_needed(const struct all_limits *limits, double share);
/* The hosts for this share where each carries `lowest` of the plan. NAN: it carries nothing. */
double hosts_for(double lowest, double share);

#endif
