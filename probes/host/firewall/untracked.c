/* A rule with notrack exempts what it matches, if it is reached: no rule before it in its chain may
 * have let the packet go by or sent it elsewhere. A rule that gives a packet a zone or a template
 * before connection tracking undoes it, so that nothing is believed then. */
#include "probes/host/firewall/untracked.h"

#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "probes/host/firewall/nft.h"
#include "probes/host/firewall/nft_expression.h"

enum {
	CHAINS_MAX = 64
};

/* A chain that packets pass before connection tracking. */
struct early_chain {
	const cJSON *chain;
	bool left; /* a rule may have ended it: what comes after is not believed */
};

struct exemptions {
	struct early_chain chains[CHAINS_MAX];
	size_t count;
	bool undone; /* nothing is believed */
	struct text text;
};

/* What one rule matches, and does. */
struct exempting {
	bool clear;             /* all its matches are understood */
	bool notrack, template; /* … sets a zone or the like */
	bool leaves;            /* the chain may end with it */
	const char *protocol, *family;
	bool lo;
	double from[2], to[2]; /* ports; 0: any */
};

static const char *member_text(const cJSON *object, const char *name)
{
	const cJSON *member = cJSON_GetObjectItemCaseSensitive(object, name);
	if (!cJSON_IsString(member))
		return "";
	return member->valuestring;
}

static bool is_one_of(const char *word, const char *const *list, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (!strcmp(word, list[i]))
			return true;
	}
	return false;
}

static bool is_port(const cJSON *value)
{
	return cJSON_IsNumber(value) && value->valuedouble >= 1 && value->valuedouble <= 65535;
}

static bool take_ports(const cJSON *right, double ports[2])
{
	const cJSON *range = cJSON_GetObjectItemCaseSensitive(right, "range");
	const cJSON *first = right, *last = right;
	if (range) {
		first = cJSON_GetArrayItem(range, 0);
		last = cJSON_GetArrayItem(range, 1);
	}
	if (!is_port(first) || !is_port(last) || first->valuedouble > last->valuedouble)
		return false;
	ports[0] = first->valuedouble;
	ports[1] = last->valuedouble;
	return true;
}

/* The protocol that a port belongs to: "th" may be either. */
static bool take_protocol(struct exempting *rule, const char *protocol)
{
	bool known = !strcmp(protocol, "tcp") || !strcmp(protocol, "udp");
	if (known)
		rule->protocol = protocol;
	return known || !strcmp(protocol, "th");
}

static bool take_payload(struct exempting *rule, const cJSON *payload, const cJSON *right)
{
	const char *field = member_text(payload, "field");
	const char *protocol = member_text(payload, "protocol");
	if (!strcmp(field, "dport"))
		return take_protocol(rule, protocol) && take_ports(right, rule->to);
	if (!strcmp(field, "sport"))
		return take_protocol(rule, protocol) && take_ports(right, rule->from);
	bool names_it = !strcmp(field, "protocol") || !strcmp(field, "nexthdr");
	if (!names_it || !cJSON_IsString(right))
		return false;
	return take_protocol(rule, right->valuestring);
}

static bool take_family(struct exempting *rule, const char *text)
{
	if (!strcmp(text, "ipv4"))
		rule->family = "ip";
	else if (!strcmp(text, "ipv6"))
		rule->family = "ip6";
	else
		return false;
	return true;
}

static bool take_meta(struct exempting *rule, const char *key, const cJSON *right)
{
	static const char *const interfaces[] = {"iif", "oif", "iifname", "oifname"};
	if (!cJSON_IsString(right))
		return false;
	const char *text = right->valuestring;
	if (!strcmp(key, "l4proto"))
		return strcmp(text, "th") != 0 && take_protocol(rule, text);
	if (!strcmp(key, "nfproto"))
		return take_family(rule, text);
	if (!is_one_of(key, interfaces, COUNT_OF(interfaces)))
		return false;
	rule->lo = true;
	return !strcmp(text, "lo");
}

static bool take_match(struct exempting *rule, const cJSON *match)
{
	const cJSON *left = cJSON_GetObjectItemCaseSensitive(match, "left");
	const cJSON *right = cJSON_GetObjectItemCaseSensitive(match, "right");
	const cJSON *payload = cJSON_GetObjectItemCaseSensitive(left, "payload");
	const cJSON *meta = cJSON_GetObjectItemCaseSensitive(left, "meta");
	if (strcmp(member_text(match, "op"), "==") != 0)
		return false;
	if (payload)
		return take_payload(rule, payload, right);
	return meta && take_meta(rule, member_text(meta, "key"), right);
}

static bool has_name(const cJSON *object, const char *name)
{
	return !strcmp(member_text(object, "name"), name);
}

/* An xtables extension: a match that is not understood, or a target that may end the chain. */
static void take_extension(struct exempting *rule, const cJSON *xt)
{
	bool match = !strcmp(member_text(xt, "type"), "match");
	if (match && has_name(xt, "comment"))
		return;
	rule->clear = false;
	rule->leaves |= !match;
	rule->template |= has_name(xt, "CT");
}

/* Setting a mark of the packet changes nothing; setting one of its connection makes one. */
static void take_mangle(struct exempting *rule, const cJSON *mangle)
{
	const cJSON *key = cJSON_GetObjectItemCaseSensitive(mangle, "key");
	bool meta = cJSON_GetObjectItemCaseSensitive(key, "meta") != NULL;
	rule->clear &= meta;
	rule->template |= !meta;
}

/* What may end the chain, or is not known. */
static void take_other(struct exempting *rule, const char *word)
{
	static const char *const harmless[] = {"counter", "log", "drop"};
	if (is_one_of(word, harmless, COUNT_OF(harmless)))
		return;
	rule->clear = false;
	rule->leaves |= strcmp(word, nft_unread) != 0;
}

static void take_expression(struct exempting *rule, const cJSON *expression)
{
	static const char *const ends[] = {"accept", "return"};
	const char *word = expression->string;
	bool understood = true;
	if (is_one_of(word, ends, COUNT_OF(ends)))
		rule->leaves |= !rule->notrack;
	else if (!strcmp(word, "notrack"))
		rule->notrack |= rule->clear && !rule->leaves;
	else if (!strcmp(word, "match"))
		understood = take_match(rule, expression);
	else if (!strcmp(word, "ct"))
		rule->template = true;
	else if (!strcmp(word, "mangle"))
		take_mangle(rule, expression);
	else if (!strcmp(word, "xt"))
		take_extension(rule, expression);
	else
		take_other(rule, word);
	rule->clear &= understood;
}

static void add_exempted_ports(struct text *out, const char *word, const double ports[2])
{
	if (ports[0] > 0 && ports[0] == ports[1])
		text_addf(out, " %s %.0f", word, ports[0]);
	else if (ports[0] > 0)
		text_addf(out, " %s %.0f-%.0f", word, ports[0], ports[1]);
}

static void add_exemption(struct text *out, const cJSON *chain, const struct exempting *rule)
{
	bool in = !strcmp(member_text(chain, "hook"), "prerouting");
	if (out->length > 0)
		text_add(out, "; ");
	text_addf(out, "%s %s", in ? "in" : "out", rule->family);
	if (rule->lo)
		text_add(out, " lo");
	if (rule->protocol)
		text_addf(out, " %s", rule->protocol);
	add_exempted_ports(out, "from", rule->from);
	add_exempted_ports(out, "to", rule->to);
}

static void take_rule(struct exemptions *all, struct early_chain *chain, const cJSON *json)
{
	struct exempting rule = {.clear = true, .family = member_text(chain->chain, "family")};
	const cJSON *item;
	cJSON_ArrayForEach(item, cJSON_GetObjectItemCaseSensitive(json, "expr")) {
		if (item->child && item->child->string)
			take_expression(&rule, item->child);
		else
			rule.clear = false;
	}
	all->undone |= rule.template;
	if (rule.notrack && !chain->left)
		add_exemption(&all->text, chain->chain, &rule);
	chain->left |= rule.leaves;
}

/* Do packets of IP pass it before connection tracking? */
static bool is_early(const cJSON *chain)
{
	static const char *const hooks[] = {"prerouting", "output"};
	static const char *const kinds[] = {"ip", "ip6", "inet"};
	const char *hook = member_text(chain, "hook");
	const char *family = member_text(chain, "family");
	const cJSON *priority = cJSON_GetObjectItemCaseSensitive(chain, "prio");
	if (!is_one_of(hook, hooks, COUNT_OF(hooks)))
		return false;
	if (!is_one_of(family, kinds, COUNT_OF(kinds)))
		return false;
	if (!cJSON_IsNumber(priority))
		return false;
	return priority->valuedouble < NFT_PRIORITY_CONNTRACK;
}

static void take_chain(struct exemptions *all, const cJSON *chain)
{
	if (!is_early(chain))
		return;
	if (all->count == CHAINS_MAX)
		all->undone = true;
	else
		all->chains[all->count++] = (struct early_chain){.chain = chain};
}

static bool is_in_chain(const cJSON *rule, const cJSON *chain)
{
	static const struct {
		const char *rule, *chain;
	} members[] = {
			{"chain", "name"},
			{"table", "table"},
			{"family", "family"},
	};
	for (size_t i = 0; i < COUNT_OF(members); i++) {
		const char *own = member_text(rule, members[i].rule);
		if (strcmp(own, member_text(chain, members[i].chain)) != 0)
			return false;
	}
	return true;
}

static void take_chains(struct exemptions *all, const cJSON *list)
{
	const cJSON *item;
	cJSON_ArrayForEach(item, list) {
		const cJSON *chain = cJSON_GetObjectItemCaseSensitive(item, "chain");
		if (chain)
			take_chain(all, chain);
	}
}

static void take_rules(struct exemptions *all, const cJSON *list)
{
	const cJSON *item;
	cJSON_ArrayForEach(item, list) {
		const cJSON *rule = cJSON_GetObjectItemCaseSensitive(item, "rule");
		for (size_t i = 0; rule && i < all->count; i++) {
			struct early_chain *chain = &all->chains[i];
			if (is_in_chain(rule, chain->chain))
				take_rule(all, chain, rule);
		}
	}
}

const char *untracked_by(struct arena *arena, const cJSON *ruleset)
{
	const cJSON *list = cJSON_GetObjectItemCaseSensitive(ruleset, "nftables");
	struct exemptions all = {.count = 0};
	const char *text = "";
	take_chains(&all, list);
	take_rules(&all, list);
	if (all.text.length > 0 && !all.undone)
		text = text_take(arena, &all.text);
	else
		text_release(&all.text);
	return text;
}
