/* Which packets do rules exempt from connection tracking? */
#ifndef HEADROOM_PROBES_HOST_FIREWALL_UNTRACKED_H
#define HEADROOM_PROBES_HOST_FIREWALL_UNTRACKED_H

#include <cjson/cJSON.h>

#include "base/arena.h"

/* The exemptions of a tree in the shape of nft -j, as the fact conntrack.untracked has them (see
 * model/tracking/untracked.h); "" where there are none. Only rules that are sure to be reached, and
 * that match what they are understood to match, count. */
const char *untracked_by(struct arena *arena, const cJSON *ruleset);

#endif
