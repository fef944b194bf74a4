/* Finds out whether the firewall rules of a network namespace need connection tracking, which
 * packets they exempt from it, and which ports they publish. */
#ifndef HEADROOM_PROBES_HOST_FIREWALL_NFT_H
#define HEADROOM_PROBES_HOST_FIREWALL_NFT_H

#include <cjson/cJSON.h>

#include "base/arena.h"
#include "base/portset.h"

struct nft_findings {
	bool tracked4, tracked6;  /* something needs conntrack, over IPv4 and over IPv6 */
	const char *by4, *by6;    /* the first rule that does: "masquerade in ip nat POSTROUTING" */
	bool notrack;             /* a rule exempts packets */
	unsigned rules;           /* number of rules judged */
	bool more;                /* there are more rules than were judged */
	struct portset published; /* destination ports of rules with dnat or redirect */
	double policy_s;          /* longest timeout in seconds set by rules; 0: none is set */
	bool policy_unread;       /* some such timeouts could not be read */
	double source_ports;      /* fewest ports that a source NAT rule provides; NAN: no such rule */
	bool source_ports_unread; /* the ports of some such rules could not be read */
};

enum {
	NFT_RULES_MAX = 100000,
	NFT_DEPTH_MAX = 16,
	NFT_PRIORITY_CONNTRACK = -200, /* NF_IP_PRI_CONNTRACK: lower priorities come first */
	NAT_SOURCE_PORTS = 64512       /* 1024-65535 (nf_nat_core.c), unless a rule names others */
};

struct nft_chain_name {
	const char *family, *table, *chain;
};

/* Name of the member that is true if rules are missing in such a tree. */
extern const char nft_more[];

/* Reads the relevant rules over netlink, in the form of `nft -j list ruleset`. The member "more" is
 * true if there are more than NFT_RULES_MAX. Returns 0 or an errno. Free the tree with
 * cJSON_Delete. */
int nft_read(cJSON **ret_ruleset);
/* Judges such a tree, or the output of nft -j. */
void nft_judge(struct arena *arena, const cJSON *ruleset, struct nft_findings *ret_findings);
/* Returns the chain with this name in such a list if packets pass it before connection tracking,
 * else NULL. */
const cJSON *nft_early_chain(const cJSON *list, const struct nft_chain_name *name);

#endif
