/* Names are facts: nothing is asked here. */
#include "model/pools/families.h"

#include <string.h>

#include "model/pools/addresses.h"

static void families_add(const struct pool_view *view,
		const char *text,
		struct plan_families *families)
{
	struct host_port to;
	struct address_list list = {.count = 0};
	bool known = host_port_split(text, &to) && pool_addresses(view, &to, &list);
	families->ipv4 |= !known;
	for (size_t i = 0; i < list.count; i++) {
		bool ipv6 = list.items[i].family == 6;
		families->ipv6 |= ipv6;
		families->ipv4 |= !ipv6;
	}
}

static void families_add_list(const struct pool_view *view,
		enum workload_field field,
		struct plan_families *families)
{
	const struct workload_value *value = &view->workload->values[field];
	if (!value->set || !value->list)
		return;
	for (size_t i = 0; i < (size_t)value->number; i++)
		families_add(view, value->list[i], families);
}

static bool is_empty(const struct plan_families *families)
{
	return !families->ipv4 && !families->ipv6;
}

struct plan_families plan_families_of(struct arena *arena,
		const struct facts *facts,
		const struct workload *workload)
{
	struct facts own = *facts;
	const struct pool_view view = {.arena = arena, .facts = &own, .workload = workload};
	struct plan_families families = {.ipv4 = false};
	families_add_list(&view, W_DESTINATIONS, &families);
	families_add_list(&view, W_UP_DESTINATIONS, &families);
	if (is_empty(&families))
		families_add_list(&view, W_SOURCE_ADDRESSES, &families);
	families.ipv4 |= is_empty(&families);
	return families;
}

/* Is it a destination of known addresses, none of which stands for both families? */
static bool is_told(const struct pool_view *view, const char *text)
{
	struct host_port to;
	struct address_list list = {.count = 0};
	if (!host_port_split(text, &to))
		return false;
	if (!pool_addresses(view, &to, &list))
		return false;
	for (size_t i = 0; i < list.count; i++) {
		if (address_is_any(&list.items[i]))
			return false;
	}
	return list.count > 0;
}

static bool all_told(const struct pool_view *view, const struct workload_value *to)
{
	if (!to->set || !to->list)
		return false;
	size_t count = (size_t)to->number;
	for (size_t i = 0; i < count; i++) {
		if (!is_told(view, to->list[i]))
			return false;
	}
	return true;
}

struct plan_families plan_families_possible(struct arena *arena,
		const struct facts *facts,
		const struct workload *workload)
{
	static const struct plan_families both = {true, true};
	struct facts own = *facts;
	const struct pool_view view = {.arena = arena, .facts = &own, .workload = workload};
	const struct workload_value *values = workload->values;
	const char *role = values[W_ROLE].text;
	bool proxy = strcmp(role, "proxy") == 0;
	if (proxy || !all_told(&view, &values[W_DESTINATIONS]))
		return both;
	return plan_families_of(arena, facts, workload);
}
