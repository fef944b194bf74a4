/* Traffic that firewall rules exempt from connection tracking: the fact conntrack.untracked.
 *
 * Its text is a list, separated by "; ", of
 *   out|in ip|ip6|inet [lo] [tcp|udp] [from PORT[-PORT]] [to PORT[-PORT]]
 * `out`: packets that this host sends; `in`: packets that it receives; `lo`: loopback only; from
 * and to: source and destination ports. Anything left out matches everything. */
#ifndef HEADROOM_MODEL_TRACKING_UNTRACKED_H
#define HEADROOM_MODEL_TRACKING_UNTRACKED_H

#include "model/fact.h"
#include "model/load/workload.h"

/* Whether all connections of the plan are exempt over IPv4 and over IPv6, in both directions. False
 * if it is not known. */
struct untracked {
	bool ipv4, ipv6;
};

struct untracked untracked_plan(const struct facts *facts, const struct workload *workload);

#endif
