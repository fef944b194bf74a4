/* getsockopt(IPT_SO_GET_ENTRIES): all rules of a table in one block, one behind the other
 * (linux/netfilter_ipv4/ip_tables.h, linux/netfilter_ipv6/ip6_tables.h). */
#include "probes/host/firewall/legacy.h"

#include <errno.h>
#include <netinet/in.h> /* before the headers of the kernel, which have the same names */
#include <sys/socket.h>

#include <linux/netfilter_ipv4/ip_tables.h>
#include <linux/netfilter_ipv6/ip6_tables.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "probes/host/firewall/nft.h"
#include "probes/host/firewall/nft_expression.h"

enum {
	BYTES_MAX = 64 * 1024 * 1024,
	PRIORITY_RAW = -300,
	MATCH_HEADER = sizeof(struct xt_entry_match)
};

/* Both families ask in the same way, with other numbers and another start of an entry. */
struct table {
	cJSON *list;
	bool ipv6;
	int domain, level; /* of the socket that is asked */
	unsigned nfproto;
	const char *name, *family;
	struct ipt_getinfo info; /* struct ip6t_getinfo is the same */
	const unsigned char *entries;
	size_t bytes;
};

/* An entry, without what differs between the families. */
struct entry {
	size_t at, header; /* where it begins, and where its matches do */
	uint16_t target, next;
	uint16_t protocol; /* 0: any */
	const char *in, *out;
	bool plain; /* it asks for no more than these */
};

static bool is_zero(const void *bytes, size_t count)
{
	const unsigned char *at = bytes;
	for (size_t i = 0; i < count; i++) {
		if (at[i] != 0)
			return false;
	}
	return true;
}

static bool entry_read4(const struct table *table, size_t at, struct entry *ret)
{
	const struct ipt_entry *raw = (const void *)(table->entries + at);
	if (table->bytes - at < sizeof *raw)
		return false;
	*ret = (struct entry){
			.at = at,
			.header = sizeof *raw,
			.target = raw->target_offset,
			.next = raw->next_offset,
			.protocol = raw->ip.proto,
			.in = raw->ip.iniface,
			.out = raw->ip.outiface,
	};
	ret->plain = raw->ip.invflags == 0 && (raw->ip.flags & IPT_F_FRAG) == 0 &&
			is_zero(&raw->ip.smsk, sizeof raw->ip.smsk) &&
			is_zero(&raw->ip.dmsk, sizeof raw->ip.dmsk);
	return true;
}

static bool entry_read6(const struct table *table, size_t at, struct entry *ret)
{
	const struct ip6t_entry *raw = (const void *)(table->entries + at);
	if (table->bytes - at < sizeof *raw)
		return false;
	*ret = (struct entry){
			.at = at,
			.header = sizeof *raw,
			.target = raw->target_offset,
			.next = raw->next_offset,
			.in = raw->ipv6.iniface,
			.out = raw->ipv6.outiface,
	};
	if (raw->ipv6.flags & IP6T_F_PROTO)
		ret->protocol = raw->ipv6.proto;
	ret->plain = raw->ipv6.invflags == 0 && (raw->ipv6.flags & IP6T_F_TOS) == 0 &&
			is_zero(&raw->ipv6.smsk, sizeof raw->ipv6.smsk) &&
			is_zero(&raw->ipv6.dmsk, sizeof raw->ipv6.dmsk);
	return true;
}

/* false: it does not lie in the block. */
static bool entry_read(const struct table *table, size_t at, struct entry *ret)
{
	bool good;
	if (table->ipv6)
		good = entry_read6(table, at, ret);
	else
		good = entry_read4(table, at, ret);
	return good && ret->target >= ret->header && ret->next >= ret->target + MATCH_HEADER &&
			ret->next <= table->bytes - at;
}

/* A match or the target; the header of both is the same. */
static void extension_add(const struct table *table,
		cJSON *list,
		const struct xt_entry_match *match,
		const char *kind,
		bool whole)
{
	char name[XT_EXTENSION_MAXNAMELEN];
	memcpy(name, match->u.user.name, sizeof name);
	name[sizeof name - 1] = '\0';
	const struct nft_extension extension = {
			.kind = kind,
			.name = name,
			.revision = match->u.user.revision,
			.info = match->data,
			.bytes = (size_t)match->u.match_size - MATCH_HEADER,
	};
	nft_add_extension(list, &extension, table->nfproto, whole);
}

static const struct xt_entry_match *match_at(const struct table *table, size_t at, size_t end)
{
	const struct xt_entry_match *match = (const void *)(table->entries + at);
	bool fits = end > at && end - at >= MATCH_HEADER;
	if (!fits || match->u.match_size < MATCH_HEADER || match->u.match_size > end - at)
		return NULL;
	return match;
}

static void null_add(cJSON *list, const char *name)
{
	cJSON *item = cJSON_CreateObject();
	cJSON_AddNullToObject(item, name);
	cJSON_AddItemToArray(list, item);
}

/* The name of a target without one is that of the standard target: a number. */
static void verdict_add(cJSON *list, const struct xt_entry_match *target)
{
	int verdict = 0;
	if (target->u.match_size >= MATCH_HEADER + sizeof verdict)
		memcpy(&verdict, target->data, sizeof verdict);
	if (verdict == -NF_DROP - 1)
		null_add(list, "drop");
	else if (verdict == -NF_ACCEPT - 1)
		null_add(list, "accept");
	else if (verdict == XT_RETURN)
		null_add(list, "return");
	else
		null_add(list, "jump");
}

static void meta_add(cJSON *list, const char *key, const char *right)
{
	cJSON *item = cJSON_CreateObject();
	cJSON *match = cJSON_AddObjectToObject(item, "match");
	cJSON_AddStringToObject(match, "op", "==");
	cJSON *left = cJSON_AddObjectToObject(match, "left");
	cJSON_AddStringToObject(cJSON_AddObjectToObject(left, "meta"), "key", key);
	cJSON_AddStringToObject(match, "right", right);
	cJSON_AddItemToArray(list, item);
}

static void interface_add(cJSON *list, const char *key, const char *name)
{
	if (*name == '\0')
		return;
	if (strncmp(name, "lo", IFNAMSIZ) == 0)
		meta_add(list, key, "lo");
	else
		null_add(list, nft_unread);
}

/* What a rule of an early chain asks for beside its extensions. */
static void conditions_add(cJSON *list, const struct entry *entry)
{
	if (!entry->plain)
		null_add(list, nft_unread);
	if (entry->protocol == IPPROTO_TCP)
		meta_add(list, "l4proto", "tcp");
	else if (entry->protocol == IPPROTO_UDP)
		meta_add(list, "l4proto", "udp");
	else if (entry->protocol != 0)
		null_add(list, nft_unread);
	interface_add(list, "iifname", entry->in);
	interface_add(list, "oifname", entry->out);
}

static bool is_of_hook(const struct table *table, const struct entry *entry, unsigned hook)
{
	return (table->info.valid_hooks & 1u << hook) && entry->at >= table->info.hook_entry[hook] &&
			entry->at <= table->info.underflow[hook];
}

/* The built-in chain that the entry belongs to, where packets pass it before connection tracking;
 * NULL: another one. */
static const char *early_chain_of(const struct table *table, const struct entry *entry)
{
	if (strcmp(table->name, "raw") != 0)
		return NULL;
	if (is_of_hook(table, entry, NF_INET_PRE_ROUTING))
		return "PREROUTING";
	if (is_of_hook(table, entry, NF_INET_LOCAL_OUT))
		return "OUTPUT";
	return NULL;
}

static cJSON *item_add(const struct table *table, const char *kind)
{
	cJSON *item = cJSON_CreateObject();
	cJSON *object = cJSON_AddObjectToObject(item, kind);
	cJSON_AddStringToObject(object, "family", table->family);
	cJSON_AddStringToObject(object, "table", table->name);
	cJSON_AddItemToArray(table->list, item);
	return object;
}

static void entry_add(const struct table *table, const struct entry *entry)
{
	const char *chain = early_chain_of(table, entry);
	size_t target_at = entry->at + entry->target, end = entry->at + entry->next;
	const struct xt_entry_match *target = match_at(table, target_at, end), *match;
	cJSON *list = cJSON_CreateArray();
	if (chain)
		conditions_add(list, entry);
	for (size_t at = entry->at + entry->header; (match = match_at(table, at, target_at)) != NULL;
			at += match->u.match_size)
		extension_add(table, list, match, "match", chain != NULL);
	if (target && target->u.user.name[0] != '\0')
		extension_add(table, list, target, "target", chain != NULL);
	else if (target && chain)
		verdict_add(list, target);
	cJSON *rule = item_add(table, "rule");
	cJSON_AddStringToObject(rule, "chain", chain ? chain : "legacy");
	cJSON_AddItemToObject(rule, "expr", list);
}

static void chain_add(const struct table *table, const char *name, const char *hook)
{
	cJSON *chain = item_add(table, "chain");
	cJSON_AddStringToObject(chain, "name", name);
	cJSON_AddStringToObject(chain, "hook", hook);
	cJSON_AddNumberToObject(chain, "prio", PRIORITY_RAW);
}

static int entries_add(const struct table *table)
{
	struct entry entry;
	size_t at = 0;
	if (!strcmp(table->name, "raw")) {
		chain_add(table, "PREROUTING", "prerouting");
		chain_add(table, "OUTPUT", "output");
	}
	for (; at < table->bytes && entry_read(table, at, &entry); at += entry.next)
		entry_add(table, &entry);
	if (at < table->bytes)
		return EBADMSG;
	return 0;
}

/* IP6T_SO_GET_INFO and …_ENTRIES have the numbers of IPv4's. */
static int table_ask(int socket, struct table *table)
{
	int level = table->level;
	socklen_t length = sizeof table->info;
	strcpy(table->info.name, table->name);
	if (getsockopt(socket, level, IPT_SO_GET_INFO, &table->info, &length) != 0)
		return errno;
	size_t bytes = table->info.size;
	if (bytes > BYTES_MAX)
		return EFBIG;
	struct ipt_get_entries *answer = memory_get(sizeof *answer + bytes);
	memset(answer, 0, sizeof *answer);
	strcpy(answer->name, table->name);
	answer->size = table->info.size;
	length = (socklen_t)(sizeof *answer + bytes);
	int error = 0;
	if (getsockopt(socket, level, IPT_SO_GET_ENTRIES, answer, &length) != 0) {
		error = errno;
	} else {
		table->entries = (const void *)answer->entrytable;
		table->bytes = bytes;
		error = entries_add(table);
	}
	free(answer);
	return error;
}

int legacy_read(cJSON *list, bool ipv6, const char *table_name)
{
	struct table table = {
			.list = list,
			.ipv6 = ipv6,
			.domain = AF_INET,
			.level = IPPROTO_IP,
			.nfproto = NFPROTO_IPV4,
			.name = table_name,
			.family = "ip",
	};
	if (ipv6) {
		table.domain = AF_INET6;
		table.level = IPPROTO_IPV6;
		table.nfproto = NFPROTO_IPV6;
		table.family = "ip6";
	}
	if (strlen(table_name) >= sizeof table.info.name)
		return EINVAL;
	int raw = socket(table.domain, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW);
	if (raw < 0)
		return errno;
	int error = table_ask(raw, &table);
	(void)close(raw);
	return error;
}
