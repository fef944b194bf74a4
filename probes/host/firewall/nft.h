/* Do the rules of a network namespace need connection tracking, for which packets not, and which
 * ports do they publish? */
#ifndef HEADROOM_PROBES_HOST_FIREWALL_NFT_H
#define HEADROOM_PROBES_HOST_FIREWALL_NFT_H

#include <cjson/cJSON.h>

#include "base/arena.h"
#include "base/portset.h"

struct nft_findings {
	bool tracked4, tracked6;  /* something needs conntrack, for IPv4 and for IPv6 */
	const char *by4, *by6;    /* the first one: "masquerade in ip nat POSTROUTING" */
	bool notrack;             /* some rule exempts packets */
	unsigned rules;           /* how many were looked at */
	bool more;                /* there are more rules than were looked at */
	struct portset published; /* destination ports of rules with dnat or redirect */
	double policy_s;          /* the longest timeout that rules set; 0: no rule sets one */
	bool policy_unread;       /* there are others */
	double source_ports;      /* the fewest that a rule which translates sources gives; NAN: none */
	bool source_ports_unread; /* there are rules whose ports were not read */
};

enum {
	NFT_RULES_MAX = 100000,
	NFT_DEPTH_MAX = 16,
	NFT_PRIORITY_CONNTRACK = -200, /* NF_IP_PRI_CONNTRACK: chains below it come before */
	NAT_SOURCE_PORTS = 64512       /* 1024-65535: nf_nat_core.c, where no rule says others */
};

struct nft_chain_name {
	const char *family, *table, *chain;
};

/* Of such a tree: true where rules are missing in it. */
extern const char nft_more[];

/* Reads the rules over netlink: what matters of them, in the shape of `nft -j list ruleset`. The
 * member "more" is true where there are more than NFT_RULES_MAX. 0 or an errno. The caller deletes
 * the tree. */
int nft_read(cJSON **ret_ruleset);
/* Judges such a tree, or the real output of nft -j. */
void nft_judge(struct arena *arena, const cJSON *ruleset, struct nft_findings *ret_findings);
/* The chain of this name in a list of such a tree, where packets pass it before connection
 * tracking; NULL: it is no such chain. */
const cJSON *nft_early_chain(const cJSON *list, const struct nft_chain_name *name);

#endif
