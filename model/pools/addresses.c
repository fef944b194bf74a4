/* Names and routes are facts: nothing is asked here. */
#include "model/pools/addresses.h"

#include <string.h>

void pool_address_add(struct arena *arena, struct address_list *list, const struct address *address)
{
	list->items = arena_grow(arena, list->items, list->count, &list->capacity, sizeof *list->items);
	list->items[list->count++] = *address;
}

bool pool_address_has(const struct address_list *list, const struct address *address)
{
	for (size_t i = 0; i < list->count; i++) {
		if (address_is_same(&list->items[i], address))
			return true;
	}
	return false;
}

/* Words separated by blanks that are no addresses are left out. */
static void address_list_parse(struct arena *arena, const char *text, struct address_list *list)
{
	text += strspn(text, " ");
	while (*text) {
		struct address address;
		size_t length = strcspn(text, " ");
		if (address_parse(text, length, &address))
			pool_address_add(arena, list, &address);
		text += length;
		text += strspn(text, " ");
	}
}

/* The fact of this name, whatever its case. */
static const struct fact *find_name(const struct pool_view *view, const char *host, size_t length)
{
	size_t first;
	size_t count = facts_instances(view->facts, "name.addresses", &first);
	for (size_t i = first; i < first + count; i++) {
		const struct fact *fact = view->facts->items[i];
		bool same = destination_same_name(fact->instance, host, length);
		if (same && fact->status == FACT_KNOWN)
			return fact;
	}
	return NULL;
}

static size_t port_digits(unsigned port)
{
	size_t digits = 1;
	for (; port >= 10; port /= 10)
		digits++;
	return digits;
}

/* What --resolve gives for "HOST:PORT" comes before the addresses of the name. false: its addresses
 * are not known. */
bool pool_addresses(const struct pool_view *view,
		const struct host_port *to,
		struct address_list *ret_list)
{
	struct address address;
	*ret_list = (struct address_list){.count = 0};
	if (address_parse(to->host, to->length, &address)) {
		pool_address_add(view->arena, ret_list, &address);
		return true;
	}
	const struct fact *fact = NULL;
	if (to->port != 0)
		fact = find_name(view, to->host, to->length + 1 + port_digits(to->port));
	if (!fact)
		fact = find_name(view, to->host, to->length);
	if (fact)
		address_list_parse(view->arena, fact->text, ret_list);
	else if (destination_same_name("localhost", to->host, to->length))
		address_list_parse(view->arena, "127.0.0.1 ::1", ret_list);
	return ret_list->count > 0;
}

/* The local address that connect() chooses; false: not known. */
bool pool_routed_source(const struct pool_view *view,
		const struct address *to,
		struct address *ret_from)
{
	for (size_t i = 0; i < view->route_count; i++) {
		if (!address_is_same(&view->routes[i].to, to))
			continue;
		*ret_from = view->routes[i].from;
		return true;
	}
	if (!address_is_loopback(to))
		return false;
	if (to->family == 6)
		return address_parse_text("::1", ret_from);
	return address_parse_text("127.0.0.1", ret_from);
}

/* The addresses that the plan lists; nothing for a plan that names their number alone. */
struct address_list pool_listed_sources(const struct pool_view *view)
{
	const struct workload_value *sources = &view->workload->values[W_SOURCE_ADDRESSES];
	struct address_list list = {.count = 0};
	if (!sources->list)
		return list;
	for (size_t i = 0; i < (size_t)sources->number; i++) {
		struct host_port split;
		struct address address;
		const char *text = sources->list[i];
		if (!host_port_split(text, &split))
			continue;
		if (address_parse(split.host, split.length, &address))
			pool_address_add(view->arena, &list, &address);
	}
	return list;
}

/* The address of the destination; family 0: it has several, or it is not known. */
struct address pool_destination_address(const struct pool_view *view, const char *destination)
{
	struct host_port to;
	struct address_list list;
	struct address none = {.family = 0};
	if (*destination == '\0')
		return none;
	if (!host_port_split(destination, &to))
		return none;
	if (!pool_addresses(view, &to, &list))
		return none;
	if (list.count != 1)
		return none;
	return list.items[0];
}

struct address_list pool_bound_sources(const struct pool_view *view, const char *destination)
{
	struct address to = pool_destination_address(view, destination);
	struct address_list list = pool_listed_sources(view);
	struct address from;
	if (list.count > 0 || to.family == 0)
		return list;
	if (view->workload->values[W_SOURCE_ADDRESSES].number > 1)
		return list;
	if (pool_routed_source(view, &to, &from))
		pool_address_add(view->arena, &list, &from);
	return list;
}
