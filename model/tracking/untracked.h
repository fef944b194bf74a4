/* Traffic that rules exempt from connection tracking: the fact conntrack.untracked.
 *
 * Its text is a list, separated by "; ", of
 *   out|in ip|ip6|inet [lo] [tcp|udp] [from PORT[-PORT]] [to PORT[-PORT]]
 * `out`: packets that this host sends, `in`: those that it receives; `lo`: over loopback alone;
 * from and to: the packet's source and destination ports. What is left out may be any. */
#ifndef HEADROOM_MODEL_TRACKING_UNTRACKED_H
#define HEADROOM_MODEL_TRACKING_UNTRACKED_H

#include "model/fact.h"
#include "model/load/workload.h"

/* Are all connections of the plan exempt where they use IPv4, and where they use IPv6? Both
 * directions have to be. False where it is not known. */
struct untracked {
	bool ipv4, ipv6;
};

struct untracked untracked_plan(const struct facts *facts, const struct workload *workload);

#endif
