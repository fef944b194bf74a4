/* The plan's listener is the one it names (--to), else one of the process audited (--pid, --unit),
 * else the only one there is. A plan that says which backlog it asks for, itself or by its runtime,
 * is about a server that may not run yet: only a listener that it names is taken for its own. */
#include "model/queues/listeners.h"

#include <math.h>
#include <string.h>

#include "base/address.h"
#include "model/load/destination.h"

/* How well a listener fits a destination of the plan. */
enum match {
	MATCH_NOT,
	MATCH_PORT,     /* on another address: one of the two may be translated */
	MATCH_WILDCARD, /* [::], which takes IPv4 as well */
	MATCH_FAMILY,   /* on all addresses of the destination's family */
	MATCH_SAME
};

static const char port_key[] = "listener.port", own_key[] = "listener.own";

static bool is_number(const struct fact *fact)
{
	return fact && fact->status == FACT_KNOWN;
}

static bool is_own(const struct facts *facts, const char *instance)
{
	const struct fact *own = facts_get(facts, own_key, instance);
	return is_number(own) && own->number != 0;
}

/* localhost is a name, too. */
static struct address address_of(const struct host_port *split, const char *text)
{
	struct address address = {.family = 0};
	if (address_parse(split->host, split->length, &address))
		return address;
	if (destination_is_loopback(text))
		(void)address_parse_text("127.0.0.1", &address);
	return address;
}

static enum match match_addresses(const struct address *to, const struct address *at)
{
	if (to->family == 0 || at->family == 0)
		return MATCH_SAME; /* a name: any address of this host may be meant */
	if (address_is_same(to, at))
		return MATCH_SAME;
	if (!address_is_any(at))
		return MATCH_PORT;
	if (to->family == at->family)
		return MATCH_FAMILY;
	if (at->family == 6)
		return MATCH_WILDCARD;
	return MATCH_PORT;
}

static enum match match_destination(const char *destination, const char *instance)
{
	struct host_port to, at;
	if (!host_port_split(destination, &to) || !host_port_split(instance, &at))
		return MATCH_NOT;
	if (to.port == 0 || to.port != at.port)
		return MATCH_NOT;
	struct address to_address = address_of(&to, destination);
	struct address at_address = address_of(&at, instance);
	return match_addresses(&to_address, &at_address);
}

/* The listeners that fit one destination best. */
static void add_named(struct arena *arena,
		const struct name_list *all,
		const char *destination,
		struct name_list *list)
{
	enum match best = MATCH_PORT;
	for (size_t i = 0; i < all->count; i++) {
		enum match match = match_destination(destination, all->items[i]);
		if (match > best)
			best = match;
	}
	for (size_t i = 0; i < all->count; i++) {
		if (match_destination(destination, all->items[i]) == best)
			name_list_add_once(arena, list, all->items[i]);
	}
}

static struct name_list all_listeners(struct arena *arena, const struct facts *facts)
{
	struct name_list list = {0};
	size_t first, count = facts_instances(facts, port_key, &first);
	for (size_t i = first; i < first + count; i++) {
		if (is_number(facts->items[i]))
			name_list_append(arena, &list, facts->items[i]->instance);
	}
	return list;
}

static struct name_list own_listeners(struct arena *arena,
		const struct facts *facts,
		const struct name_list *of)
{
	struct name_list list = {0};
	for (size_t i = 0; i < of->count; i++) {
		if (is_own(facts, of->items[i]))
			name_list_append(arena, &list, of->items[i]);
	}
	return list;
}

/* Those of the process audited come first, among the listeners that the plan names if it names any.
 */
static struct name_list own_among(struct arena *arena,
		const struct facts *facts,
		const struct name_list *named,
		const struct name_list *all)
{
	struct name_list own;
	if (named->count == 0)
		return own_listeners(arena, facts, all);
	own = own_listeners(arena, facts, named);
	if (own.count == 0)
		return *named;
	return own;
}

static struct name_list named_listeners(struct arena *arena,
		const struct workload *workload,
		const struct name_list *all)
{
	const struct workload_value *to = &workload->values[W_DESTINATIONS];
	struct name_list list = {0};
	size_t count = 0;
	if (to->list)
		count = (size_t)to->number;
	for (size_t i = 0; i < count; i++)
		add_named(arena, all, to->list[i], &list);
	return list;
}

static bool was_given(const struct workload_value *value)
{
	return value->set && !value->assumed;
}

static bool accepts(const struct workload *workload)
{
	const char *role = workload->values[W_ROLE].text, *protocol = workload->values[W_PROTOCOL].text;
	if (role && strcmp(role, "client") == 0)
		return false;
	return !protocol || strcmp(protocol, "tcp") == 0;
}

/* A list that is not whole may lack the very listener. */
static bool are_all_listed(const struct facts *facts)
{
	return facts_list_state(facts, port_key) == LIST_COMPLETE &&
			facts_list_state(facts, own_key) == LIST_COMPLETE;
}

enum listener_choice listeners_of_plan(struct arena *arena,
		const struct facts *facts,
		const struct workload *workload,
		struct name_list *ret_list)
{
	const struct workload_value *values = workload->values;
	*ret_list = (struct name_list){0};
	if (!accepts(workload) || was_given(&values[W_BACKLOG]))
		return LISTENERS_NONE;
	struct name_list all = all_listeners(arena, facts);
	struct name_list named = named_listeners(arena, workload, &all);
	*ret_list = own_among(arena, facts, &named, &all);
	if (!are_all_listed(facts))
		return LISTENERS_UNSEEN;
	if (ret_list->count > 0)
		return LISTENERS_KNOWN;
	if (all.count == 0 || !isnan(workload_backlog_of(values[W_RUNTIME].text)))
		return LISTENERS_NONE;
	*ret_list = all;
	if (all.count == 1)
		return LISTENERS_KNOWN;
	return LISTENERS_ONE_OF;
}
