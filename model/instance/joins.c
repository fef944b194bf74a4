/* Loads are programs of their own: a limit of a process is each one's. What the host has is used
 * by all. Ports are shared by those that connect to the same address and port; a socket that called
 * bind() takes its port away from every destination, and so does each UDP socket. Where a load does
 * not say where it connects to, or which listener it comes to, it may be where another one is. */
#include "model/instance/joins.h"

#include <string.h>

#include "base/address.h"
#include "model/pools/meeting.h"
#include "model/pools/pools.h"

struct joins {
	const struct situation *s;
	const struct limit_rule *rule;
	const struct load *const *loads;
	const struct name_list *names; /* the instances of each load */
	size_t count;
	struct destinations **destinations; /* of each load; NULL: not looked at yet */
};

struct joins *joins_new(const struct situation *situation,
		const struct limit_rule *rule,
		const struct load *const *loads,
		const struct name_list *names,
		size_t count)
{
	struct joins *joins = arena_alloc(situation->arena, sizeof *joins);
	*joins = (struct joins){
			.s = situation,
			.rule = rule,
			.loads = loads,
			.names = names,
			.count = count,
	};
	joins->destinations = arena_alloc(situation->arena, count * sizeof(struct destinations *));
	return joins;
}

static bool says(const struct load *load, enum workload_field field, const char *word)
{
	const char *text = load->workload->values[field].text;
	return text && strcmp(text, word) == 0;
}

static bool is_udp(const struct load *load)
{
	return says(load, W_PROTOCOL, "udp");
}

/* Does a port of it belong to one destination alone? */
static bool binds_late(const struct load *load)
{
	return says(load, W_BIND, "none") || says(load, W_BIND, "noport");
}

static bool same_text(const struct load *a, const struct load *b, enum workload_field field)
{
	const char *left = a->workload->values[field].text;
	const char *right = b->workload->values[field].text;
	if (!left || !right)
		return left == right;
	return strcmp(left, right) == 0;
}

/* The addresses that it binds by name; NULL: it does not say. */
static const struct workload_value *bound_addresses(const struct load *load)
{
	const struct workload_value *sources = &load->workload->values[W_SOURCE_ADDRESSES];
	bool binds = says(load, W_BIND, "address") || says(load, W_BIND, "noport");
	if (!binds || !sources->list)
		return NULL;
	return sources;
}

/* What is no address may be any. */
static bool may_have_address(const struct workload_value *list, const char *text)
{
	struct address wanted, address;
	if (!address_parse_text(text, &wanted))
		return true;
	for (size_t i = 0; i < (size_t)list->number; i++) {
		bool known = address_parse_text(list->list[i], &address);
		if (!known || address_is_same(&address, &wanted))
			return true;
	}
	return false;
}

/* Do both name the addresses that they bind, and none twice? */
static bool sources_differ(const struct load *a, const struct load *b)
{
	const struct workload_value *left = bound_addresses(a), *right = bound_addresses(b);
	if (!left || !right)
		return false;
	for (size_t i = 0; i < (size_t)left->number; i++)
		if (may_have_address(right, left->list[i]))
			return false;
	return true;
}

bool joins_are_of_one_kind(const struct load *a, const struct load *b)
{
	const struct workload_value *left = bound_addresses(a), *right = bound_addresses(b);
	if (!same_text(a, b, W_PROTOCOL) || !same_text(a, b, W_BIND))
		return false;
	return !left && !right;
}

static struct destinations *destinations_of(struct joins *joins, size_t at)
{
	const struct load *load = joins->loads[at];
	if (!joins->destinations[at])
		joins->destinations[at] =
				destinations_of_load(joins->s->arena, load->facts, load->workload);
	return joins->destinations[at];
}

static size_t index_of(const struct joins *joins, const struct load *load)
{
	size_t at = 0;
	while (joins->loads[at] != load)
		at++;
	return at;
}

static size_t place_of(const struct destinations *all, const char *name)
{
	size_t i = 0;
	while (i < destinations_count(all) && strcmp(destinations_name(all, i), name) != 0)
		i++;
	return i;
}

static const char *any_destination(const struct destinations *all)
{
	if (destinations_count(all) > 0)
		return destinations_name(all, 0);
	return "";
}

/* What `other` calls the destination `name` of `load`; NULL: it does not go there. */
static const char *destination_in(struct joins *joins,
		size_t load,
		const char *name,
		size_t other,
		struct instance *instance)
{
	const struct destinations *own = destinations_of(joins, load);
	const struct destinations *others = destinations_of(joins, other);
	bool named = *name && destinations_count(others) > 0;
	bool sure = true;
	if (!named) /* it may be the same */
		return any_destination(others);
	size_t place = place_of(own, name);
	const char *found = destinations_meet(others, own, place, &sure);
	bool many = destinations_count(own) > POOLS_JUDGED;
	if (!found && many && destinations_overlap(own, others))
		found = destinations_name(others, 0); /* one that is not judged */
	if (found && !sure)
		instance->unsure = found;
	return found;
}

/* TCP sockets without bind() share the ports of a destination; all others share those of the host.
 */
static const char *port_user(struct joins *joins,
		size_t load,
		const char *name,
		size_t other,
		struct instance *instance)
{
	const struct load *a = joins->loads[load], *b = joins->loads[other];
	if (is_udp(a) != is_udp(b) || sources_differ(a, b))
		return NULL;
	bool of_destination = !is_udp(a) && binds_late(a) && binds_late(b);
	if (of_destination)
		return destination_in(joins, load, name, other, instance);
	return any_destination(destinations_of(joins, other));
}

/* Behind one cloud NAT, to destinations that may be the same. Without any it is something else that
 * hosts share. */
static bool shares_outside(struct joins *joins, size_t load, size_t other)
{
	const struct load *a = joins->loads[load], *b = joins->loads[other];
	const struct destinations *own = destinations_of(joins, load);
	const struct destinations *others = destinations_of(joins, other);
	if (!same_text(a, b, W_EGRESS))
		return false;
	bool named = destinations_count(own) > 0 && destinations_count(others) > 0;
	if (!a->egress.rule || !named)
		return true;
	return destinations_overlap(own, others);
}

static double backlog_of(const struct load *load)
{
	const struct workload_value *backlog = &load->workload->values[W_BACKLOG];
	if (!backlog->set)
		return -1;
	return backlog->number;
}

/* Where nobody names the listener, those of one backlog may come to the same. */
static bool comes_to(struct joins *joins, const char *name, size_t load, size_t other)
{
	const struct load *a = joins->loads[load], *b = joins->loads[other];
	if (!name_list_has(&joins->names[other], name))
		return false;
	return *name || backlog_of(a) == backlog_of(b);
}

static double number_of(const struct load *load, enum workload_field field)
{
	return load->workload->values[field].number;
}

/* Are the ports of both spread over as many pools? */
static bool are_spread_alike(const struct load *a, const struct load *b)
{
	return same_text(a, b, W_BIND) && same_text(a, b, W_ROLE) &&
			number_of(a, W_SOURCE_ADDRESSES) == number_of(b, W_SOURCE_ADDRESSES) &&
			number_of(a, W_DESTINATIONS) == number_of(b, W_DESTINATIONS) &&
			number_of(a, W_UP_DESTINATIONS) == number_of(b, W_UP_DESTINATIONS);
}

/* Does what one of them uses count as much as what another uses? */
static bool are_alike(const struct joins *joins, const struct instance *instance)
{
	const struct load *first = instance->members[0].load;
	if (joins->rule->scope != SCOPE_DESTINATION)
		return true;
	for (size_t i = 1; i < instance->member_count; i++)
		if (!are_spread_alike(first, instance->members[i].load))
			return false;
	return true;
}

/* What another load calls this instance; NULL: it does not use it. */
static const char *name_in(struct joins *joins,
		size_t load,
		const char *name,
		size_t other,
		struct instance *instance)
{
	bool uses = false;
	switch (joins->rule->scope) {
	case SCOPE_HOST:
	case SCOPE_NAMESPACE:
		uses = true;
		break;
	case SCOPE_SHARED:
		uses = shares_outside(joins, load, other);
		break;
	case SCOPE_LISTENER:
		uses = comes_to(joins, name, load, other);
		break;
	case SCOPE_DESTINATION:
		return port_user(joins, load, name, other, instance);
	case SCOPE_PROCESS:
	case SCOPE_BEAM:
		break;
	}
	if (uses)
		return name;
	return NULL;
}

/* Where loads have one each, and nothing else tells them apart, that of the load. */
static const char *shown_name(const struct joins *joins, const struct instance *instance)
{
	const struct member *first = &instance->members[0];
	bool apart = instance->member_count < joins->s->load_count;
	bool nameless = *first->name == '\0' && first->load->name;
	if (!apart || !nameless)
		return first->name;
	switch (joins->rule->scope) {
	case SCOPE_PROCESS:
	case SCOPE_BEAM:
	case SCOPE_LISTENER:
	case SCOPE_SHARED:
		return first->load->name;
	case SCOPE_HOST:
	case SCOPE_NAMESPACE:
	case SCOPE_DESTINATION:
		break;
	}
	return first->name;
}

void joins_make(struct joins *joins,
		const struct load *load,
		const char *name,
		struct instance *ret_instance)
{
	size_t at = index_of(joins, load);
	struct member *members = arena_alloc(joins->s->arena, joins->count * sizeof *members);
	*ret_instance = (struct instance){
			.members = members,
			.member_count = 1,
			.binds = !binds_late(load),
	};
	members[0] = (struct member){load, name};
	for (size_t i = 0; i < joins->count; i++) {
		if (i == at)
			continue;
		const char *other = name_in(joins, at, name, i, ret_instance);
		if (other)
			members[ret_instance->member_count++] = (struct member){joins->loads[i], other};
	}
	ret_instance->name = shown_name(joins, ret_instance);
	ret_instance->alike = are_alike(joins, ret_instance);
}

const struct member *joins_member(const struct instance *instance, const struct load *load)
{
	for (size_t i = 0; i < instance->member_count; i++)
		if (instance->members[i].load == load)
			return &instance->members[i];
	return NULL;
}
