/* Conflicts as they were measured with sockets of each kind: a socket of one IPv6 address does not
 * disturb IPv4, unless it was connected without bind(); then it does, but for bind() to all
 * addresses alone. */
#include "model/conflict.h"

#include <string.h>

enum {
	HOLDING_WORD_MAX = 80
};

/* Binding all IPv4 addresses. */
static enum conflict conflict_with_all_four(const struct holding *holding)
{
	if (holding->at.family == 4)
		return CONFLICT_YES;
	if (holding->connected)
		return CONFLICT_MAYBE;
	if (address_is_any(&holding->at) && !holding->six_only)
		return CONFLICT_YES;
	return CONFLICT_NO;
}

/* Binding all IPv6 addresses, which means all of IPv4 too unless IPV6_V6ONLY is set. */
static enum conflict conflict_with_all_six(const struct holding *holding)
{
	if (holding->at.family == 4)
		return CONFLICT_MAYBE;
	return CONFLICT_YES;
}

enum conflict conflict_of(const struct holding *holding, const struct address *address)
{
	if (address_is_any(address)) {
		if (address->family == 4)
			return conflict_with_all_four(holding);
		return conflict_with_all_six(holding);
	}
	if (address_is_same(&holding->at, address))
		return CONFLICT_YES;
	if (!address_is_any(&holding->at))
		return CONFLICT_NO;
	if (holding->at.family == address->family)
		return CONFLICT_YES;
	if (holding->at.family == 6 && !holding->six_only)
		return CONFLICT_YES;
	return CONFLICT_NO;
}

/* One word of the list. */
static bool holdings_take(const char *text, size_t length, struct holding *ret)
{
	char word[HOLDING_WORD_MAX];
	struct host_port split;
	*ret = (struct holding){.port = 0};
	if (length >= sizeof word)
		return false;
	memcpy(word, text, length);
	word[length] = '\0';
	char *slash = strchr(word, '/');
	if (slash) {
		ret->six_only = strcmp(slash, "/6") == 0;
		ret->connected = strcmp(slash, "/c") == 0;
		if (!ret->six_only && !ret->connected)
			return false;
		*slash = '\0';
	}
	if (!host_port_split(word, &split) || split.port == 0)
		return false;
	ret->port = split.port;
	return address_parse(split.host, split.length, &ret->at);
}

bool holdings_read(struct arena *arena, const char *text, struct holdings *ret_holdings)
{
	size_t capacity = 0;
	*ret_holdings = (struct holdings){.count = 0};
	text += strspn(text, " ");
	while (*text) {
		struct holding holding;
		size_t length = strcspn(text, " ");
		if (!holdings_take(text, length, &holding))
			return false;
		ret_holdings->items = arena_grow(arena,
				ret_holdings->items,
				ret_holdings->count,
				&capacity,
				sizeof *ret_holdings->items);
		ret_holdings->items[ret_holdings->count++] = holding;
		text += length;
		text += strspn(text, " ");
	}
	return true;
}

void holdings_ports(const struct holdings *holdings,
		const struct address *address,
		struct portset *ret_best,
		struct portset *ret_worst)
{
	memset(ret_best, 0, sizeof *ret_best);
	memset(ret_worst, 0, sizeof *ret_worst);
	for (size_t i = 0; i < holdings->count; i++) {
		const struct holding *holding = &holdings->items[i];
		enum conflict conflict = conflict_of(holding, address);
		if (conflict == CONFLICT_YES)
			portset_add(ret_best, holding->port, holding->port);
		if (conflict != CONFLICT_NO)
			portset_add(ret_worst, holding->port, holding->port);
	}
}
