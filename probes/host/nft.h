/* Do the rules of a network namespace need connection tracking, and which ports do they publish? */
#ifndef HEADROOM_PROBES_HOST_NFT_H
#define HEADROOM_PROBES_HOST_NFT_H

#include <cjson/cJSON.h>

#include "base/arena.h"
#include "base/portset.h"

struct nft_findings {
	bool tracked;             /* some rule needs conntrack */
	const char *by;           /* the first one: "masquerade in ip nat POSTROUTING" */
	bool notrack;             /* some rule exempts packets */
	unsigned rules;           /* how many were looked at */
	bool more;                /* there are more rules than were looked at */
	struct portset published; /* destination ports of rules with dnat or redirect */
};

enum {
	NFT_RULES_MAX = 100000,
	NFT_DEPTH_MAX = 16
};

/* Of such a tree: true where rules are missing in it. */
extern const char nft_more[];

/* Reads the rules over netlink: what matters of them, in the shape of `nft -j list ruleset`. The
 * member "more" is true where there are more than NFT_RULES_MAX. 0 or an errno. The caller deletes
 * the tree. */
int nft_read(cJSON **ret_ruleset);
/* Judges such a tree, or the real output of nft -j. */
void nft_judge(struct arena *arena, const cJSON *ruleset, struct nft_findings *ret_findings);

#endif
