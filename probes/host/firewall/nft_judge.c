/* Judging a ruleset in the shape of nft -j: made by nft_read.c, kept in a snapshot, or real output
 * of nft. */
#include <math.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "probes/host/firewall/nft.h"

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

/* The source ports that a rule gives: those it names, or all. */
static void judge_source_ports(struct judging *judging, const cJSON *translation)
{
	struct nft_findings *findings = judging->findings;
	const cJSON *port = cJSON_GetObjectItemCaseSensitive(translation, "port");
	const cJSON *range = cJSON_GetObjectItemCaseSensitive(port, "range");
	const cJSON *first = cJSON_GetArrayItem(range, 0), *last = cJSON_GetArrayItem(range, 1);
	double count = NAT_SOURCE_PORTS;
	if (cJSON_IsNumber(port))
		count = 1;
	else if (cJSON_IsNumber(first) && cJSON_IsNumber(last))
		count = last->valuedouble - first->valuedouble + 1;
	else if (port)
		findings->source_ports_unread = true;
	if (!(findings->source_ports <= count))
		findings->source_ports = count;
}

static void judge_extension(struct judging *judging, const cJSON *extension)
{
	static const char *const translations[] = {"DNAT", "REDIRECT", "NETMAP"};
	static const char *const sources[] = {"MASQUERADE", "SNAT"};
	const cJSON *name = cJSON_GetObjectItemCaseSensitive(extension, "name");
	if (!cJSON_IsString(name))
		return;
	const char *word = name->valuestring;
	if (is_in(word, sources, COUNT_OF(sources)))
		judge_source_ports(judging, extension);
	if (cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(extension, "timeout")))
		judging->findings->policy_unread = true;
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
		if (word && (strcmp(word, "masquerade") == 0 || strcmp(word, "snat") == 0))
			judge_source_ports(judging, item);
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

/* The hooks of connection tracking are those of the rule's family: `inet` and `bridge` register
 * both. */
static void note_tracked(struct judging *judging, const char *family, const char *by)
{
	struct nft_findings *findings = judging->findings;
	bool ipv4 = strcmp(family, "ip6") != 0, ipv6 = strcmp(family, "ip") != 0;
	if (ipv4 && !findings->tracked4)
		findings->by4 = by;
	if (ipv6 && !findings->tracked6)
		findings->by6 = by;
	findings->tracked4 |= ipv4;
	findings->tracked6 |= ipv6;
}

/* What the expression list at `list` needs; `place` is where it stands. */
static void judge_list(struct judging *judging,
		const cJSON *of,
		const cJSON *list,
		const char *place)
{
	const struct nft_findings *findings = judging->findings;
	judging->needs = NULL;
	if (list)
		judge_expression(judging, list->child, 0);
	if (!judging->needs || (findings->tracked4 && findings->tracked6))
		return;
	const char *by = arena_printf(judging->arena,
			"%s in %s %s %s",
			judging->needs,
			nft_judge_member(of, "family"),
			nft_judge_member(of, "table"),
			nft_judge_member(of, place));
	by = text_clean(judging->arena, by, strlen(by), 120);
	note_tracked(judging, nft_judge_member(of, "family"), by);
}

static void judge_rule(struct judging *judging, const cJSON *rule)
{
	judging->translates = false;
	memset(&judging->ports, 0, sizeof judging->ports);
	judge_list(judging, rule, cJSON_GetObjectItemCaseSensitive(rule, "expr"), "chain");
	if (judging->translates)
		portset_union(&judging->findings->published, &judging->ports);
}

/* Sets may count connections for each of their elements. */
static void judge_set(struct judging *judging, const cJSON *set)
{
	judge_list(judging, set, cJSON_GetObjectItemCaseSensitive(set, "stmt"), "name");
	judge_list(judging, set, cJSON_GetObjectItemCaseSensitive(set, "elem"), "name");
}

/* How long a policy keeps what is closed or idle. That of open connections does not matter. */
static void judge_policy(struct judging *judging, const cJSON *timeout)
{
	const cJSON *policy = cJSON_GetObjectItemCaseSensitive(timeout, "policy");
	const cJSON *state;
	cJSON_ArrayForEach(state, policy) {
		bool open = state->string && strcmp(state->string, "established") == 0;
		if (!open && cJSON_IsNumber(state) && state->valuedouble > judging->findings->policy_s)
			judging->findings->policy_s = state->valuedouble;
	}
}

/* A helper, a timeout policy or an expectation needs connection tracking, used or not. */
static void judge_object(struct judging *judging, const cJSON *item)
{
	static const char *const kinds[] = {"ct helper",
			"ct timeout",
			"ct expectation",
			"ct count",
			"synproxy"};
	const cJSON *object = item->child;
	if (!object || !object->string || !is_in(object->string, kinds, COUNT_OF(kinds)))
		return;
	const char *family = nft_judge_member(object, "family");
	const char *by = arena_printf(judging->arena,
			"%s %s in %s %s",
			object->string,
			nft_judge_member(object, "name"),
			family,
			nft_judge_member(object, "table"));
	note_tracked(judging, family, text_clean(judging->arena, by, strlen(by), 120));
	judge_policy(judging, object);
}

const char nft_more[] = "more";

static void judge_item(struct judging *judging, const cJSON *item)
{
	struct nft_findings *findings = judging->findings;
	const cJSON *rule = cJSON_GetObjectItemCaseSensitive(item, "rule");
	const cJSON *set = cJSON_GetObjectItemCaseSensitive(item, "set");
	const cJSON *map = cJSON_GetObjectItemCaseSensitive(item, "map");
	if (set)
		judge_set(judging, set);
	if (map)
		judge_set(judging, map);
	if (!rule) {
		judge_object(judging, item);
		return;
	}
	if (findings->rules == NFT_RULES_MAX) {
		findings->more = true;
		return;
	}
	findings->rules++;
	judge_rule(judging, rule);
}

void nft_judge(struct arena *arena, const cJSON *ruleset, struct nft_findings *ret_findings)
{
	*ret_findings = (struct nft_findings){.source_ports = (double)NAN};
	struct judging *judging = arena_alloc(arena, sizeof *judging);
	*judging = (struct judging){.arena = arena, .findings = ret_findings};
	ret_findings->more = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(ruleset, nft_more));
	const cJSON *item;
	cJSON_ArrayForEach(item, cJSON_GetObjectItemCaseSensitive(ruleset, "nftables"))
		judge_item(judging, item);
}

static bool is_member(const cJSON *object, const char *name, const char *text)
{
	const cJSON *member = cJSON_GetObjectItemCaseSensitive(object, name);
	return cJSON_IsString(member) && strcmp(member->valuestring, text) == 0;
}

const cJSON *nft_early_chain(const cJSON *list, const struct nft_chain_name *name)
{
	const cJSON *item;
	cJSON_ArrayForEach(item, list) {
		const cJSON *chain = cJSON_GetObjectItemCaseSensitive(item, "chain");
		if (!chain) /* they come first */
			return NULL;
		if (is_member(chain, "family", name->family) && is_member(chain, "table", name->table) &&
				is_member(chain, "name", name->chain))
			return chain;
	}
	return NULL;
}
