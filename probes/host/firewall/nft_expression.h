/* The expressions of nftables rules: translates the kernel's form into that of nft -j. */
#ifndef HEADROOM_PROBES_HOST_FIREWALL_NFT_EXPRESSION_H
#define HEADROOM_PROBES_HOST_FIREWALL_NFT_EXPRESSION_H

#include <cjson/cJSON.h>
#include <libmnl/libmnl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Replaces, in a rule that is read completely, an expression that is not read: it may match or not.
 */
extern const char nft_unread[];

/* Adds to the array `list` the parts about connection tracking and address translation from a nest
 * with a list of expressions (or NULL). With `whole`, also adds what decides whether the rule is
 * reached and whether it matches. `family`: NFPROTO_… of the rule's table. */
void nft_add_expressions(cJSON *list,
		const struct nlattr *expressions,
		unsigned family,
		bool whole);
/* The same of a nest that is one expression itself. */
void nft_add_expression(cJSON *list, const struct nlattr *expression, unsigned family);

/* An xtables extension: a name and a binary structure. iptables-nft has them in its rules. */
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
