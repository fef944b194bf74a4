/* Finds the packets that rules exempt from connection tracking. */
#ifndef HEADROOM_PROBES_HOST_FIREWALL_UNTRACKED_H
#define HEADROOM_PROBES_HOST_FIREWALL_UNTRACKED_H

#include <cjson/cJSON.h>

#include "base/arena.h"

/* Returns the exemptions in a tree in the form of nft -j as text for the fact conntrack.untracked
 * (model/tracking/untracked.h); "" if there are none. Only rules count that are certainly reached
 * and whose matches are fully understood. */
const char *untracked_by(struct arena *arena, const cJSON *ruleset);

#endif
