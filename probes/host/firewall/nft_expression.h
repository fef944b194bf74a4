/* Translates expressions of nftables rules from the kernel's form into that of nft -j. */
#ifndef HEADROOM_PROBES_HOST_FIREWALL_NFT_EXPRESSION_H
#define HEADROOM_PROBES_HOST_FIREWALL_NFT_EXPRESSION_H

#include <cjson/cJSON.h>
#include <libmnl/libmnl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Stands for an expression that was not read, in a rule that is otherwise complete: it may match or
 * not. */
extern const char nft_unread[];

/* Appends the parts about connection tracking and address translation from a list of expressions
 * (may be NULL). With `whole` also appends what decides whether the rule is reached and matches.
 * `family`: NFPROTO_… of the rule's table. */
void nft_add_expressions(cJSON *list,
		const struct nlattr *expressions,
		unsigned family,
		bool whole);
/* The same for a single expression. */
void nft_add_expression(cJSON *list, const struct nlattr *expression, unsigned family);

/* An xtables extension: a name and a binary structure. Rules of iptables-nft contain them. */
struct nft_extension {
	const char *kind, *name; /* kind: match or target */
	uint32_t revision;
	const unsigned char *info;
	size_t bytes;
};

void nft_add_extension(cJSON *list,
		const struct nft_extension *extension,
		unsigned family,
		bool whole);

#endif
