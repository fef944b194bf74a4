/* Judging a ruleset in the shape of nft -j: made by nft_read.c, kept in a snapshot, or real output
 * of nft. */
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "probes/host/nft.h"

struct judging {
	struct arena *arena;
	struct nft_findings *findings;
	const char *needs;    /* the first expression of the rule that needs conntrack */
	bool translates;      /* dnat or redirect */
	struct portset ports; /* destination ports the rule matches */
};

/* Keys of nft -j that mean a rule needs connection tracking (libnftables-json(5)). */
static const char *const tracking_keys[] = {
		"ct",
		"ct count",
		"ct helper",
		"ct timeout",
		"ct expectation",
		"masquerade",
		"masq",
		"snat",
		"dnat",
		"redirect",
		"redir",
		"nat",
		"flow",
		"synproxy",
		"connlimit",
};

/* The xtables extensions (of iptables-nft) that mean the same. */
static const char *const tracking_extensions[] = {
		"conntrack",
		"state",
		"connmark",
		"connbytes",
		"connlimit",
		"connlabel",
		"helper",
		"cluster",
		"CONNMARK",
		"CONNSECMARK",
		"MASQUERADE",
		"SNAT",
		"DNAT",
		"REDIRECT",
		"NETMAP",
		"CT",
		"FLOWOFFLOAD",
		"SYNPROXY",
};

static bool is_in(const char *name, const char *const *list, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(name, list[i]) == 0)
			return true;
	}
	return false;
}

static void judge_word(struct judging *judging, const char *word)
{
	static const char *const translations[] = {"dnat", "redirect", "redir"};
	if (!judging->needs && is_in(word, tracking_keys, COUNT_OF(tracking_keys)))
		judging->needs = word;
	judging->translates |= is_in(word, translations, COUNT_OF(translations));
	judging->findings->notrack |= strcmp(word, "notrack") == 0;
}

static void judge_extension(struct judging *judging, const cJSON *extension)
{
	static const char *const translations[] = {"DNAT", "REDIRECT", "NETMAP"};
	const cJSON *name = cJSON_GetObjectItemCaseSensitive(extension, "name");
	if (!cJSON_IsString(name))
		return;
	const char *word = name->valuestring;
	if (!judging->needs && is_in(word, tracking_extensions, COUNT_OF(tracking_extensions)))
		judging->needs = word;
	judging->translates |= is_in(word, translations, COUNT_OF(translations));
}

static bool nft_judge_is_port(const cJSON *value)
{
	return cJSON_IsNumber(value) && value->valuedouble >= 1 && value->valuedouble <= 65535;
}

/* Adds the ports from `first` to `last`. Does nothing unless both are ports and in order. */
static void nft_judge_add_range(struct judging *judging, const cJSON *first, const cJSON *last)
{
	if (!nft_judge_is_port(first) || !nft_judge_is_port(last))
		return;
	unsigned low = (unsigned)first->valuedouble;
	unsigned high = (unsigned)last->valuedouble;
	if (low <= high)
		portset_add(&judging->ports, low, high);
}

/* A port, {"range": [FIRST, LAST]} or {"set": [PORT, …]}. */
static void nft_judge_add_ports(struct judging *judging, const cJSON *right)
{
	const cJSON *range = cJSON_GetObjectItemCaseSensitive(right, "range");
	const cJSON *set = cJSON_GetObjectItemCaseSensitive(right, "set");
	const cJSON *item;
	nft_judge_add_range(judging, right, right);
	nft_judge_add_range(judging, cJSON_GetArrayItem(range, 0), cJSON_GetArrayItem(range, 1));
	cJSON_ArrayForEach(item, set)
		nft_judge_add_range(judging, item, item);
}

static void judge_match(struct judging *judging, const cJSON *match)
{
	const cJSON *left = cJSON_GetObjectItemCaseSensitive(match, "left");
	const cJSON *payload = cJSON_GetObjectItemCaseSensitive(left, "payload");
	const cJSON *field = cJSON_GetObjectItemCaseSensitive(payload, "field");
	if (cJSON_IsString(field) && strcmp(field->valuestring, "dport") == 0)
		nft_judge_add_ports(judging, cJSON_GetObjectItemCaseSensitive(match, "right"));
}

static void judge_expression(struct judging *judging, const cJSON *item, unsigned depth)
{
	if (depth > NFT_DEPTH_MAX)
		return;
	for (; item; item = item->next) {
		const char *word = item->string;
		if (word)
			judge_word(judging, word);
		if (word && strcmp(word, "xt") == 0)
			judge_extension(judging, item);
		if (word && strcmp(word, "match") == 0)
			judge_match(judging, item);
		judge_expression(judging, item->child, depth + 1);
	}
}

static const char *nft_judge_member(const cJSON *rule, const char *name)
{
	const cJSON *text = cJSON_GetObjectItemCaseSensitive(rule, name);
	if (!cJSON_IsString(text))
		return "?";
	return text->valuestring;
}

static void judge_rule(struct judging *judging, const cJSON *rule)
{
	struct nft_findings *findings = judging->findings;
	judging->needs = NULL;
	judging->translates = false;
	memset(&judging->ports, 0, sizeof judging->ports);
	const cJSON *list = cJSON_GetObjectItemCaseSensitive(rule, "expr");
	if (list)
		judge_expression(judging, list->child, 0);
	if (judging->translates)
		portset_union(&findings->published, &judging->ports);
	if (!judging->needs || findings->tracked)
		return;
	findings->tracked = true;
	const char *by = arena_printf(judging->arena,
			"%s in %s %s %s",
			judging->needs,
			nft_judge_member(rule, "family"),
			nft_judge_member(rule, "table"),
			nft_judge_member(rule, "chain"));
	findings->by = text_clean(judging->arena, by, strlen(by), 120);
}

const char nft_more[] = "more";

void nft_judge(struct arena *arena, const cJSON *ruleset, struct nft_findings *ret_findings)
{
	*ret_findings = (struct nft_findings){0};
	struct judging *judging = arena_alloc(arena, sizeof *judging);
	*judging = (struct judging){.arena = arena, .findings = ret_findings};
	ret_findings->more = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(ruleset, nft_more));
	const cJSON *item;
	cJSON_ArrayForEach(item, cJSON_GetObjectItemCaseSensitive(ruleset, "nftables")) {
		const cJSON *rule = cJSON_GetObjectItemCaseSensitive(item, "rule");
		if (!rule)
			continue;
		if (ret_findings->rules == NFT_RULES_MAX) {
			ret_findings->more = true;
			break;
		}
		ret_findings->rules++;
		judge_rule(judging, rule);
	}
}
