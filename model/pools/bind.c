/* Conflicts of addresses: model/conflict.h. */
#include "model/pools/bind.h"

#include <math.h>

#include "model/pools/addresses.h"

static double local_ports(const struct pool_view *view, const struct address *at)
{
	size_t first;
	size_t count = facts_instances(view->facts, "local.ports", &first);
	for (size_t i = first; i < first + count; i++) {
		const struct fact *fact = view->facts->items[i];
		struct address address;
		if (!address_parse_text(fact->instance, &address))
			continue;
		if (!address_is_same(&address, at))
			continue;
		if (fact->status == FACT_KNOWN)
			return fact->number;
	}
	return 0;
}

/* The connected sockets in the way of binding all addresses: surely those of the same family. Some
 * IPv6 sockets have a port that a listener blocks for [::], but not for 0.0.0.0. */
static struct bounds held_for_all(const struct pool_view *view, const struct address *at)
{
	const struct facts *facts = view->facts;
	double four = facts_number(facts, "ports.in_use4");
	double six = facts_number(facts, "ports.in_use6");
	double at_worst = six;
	double maybe;
	at_worst += pool_number_or(facts, "ports.blocked_in_range", view->size);
	maybe = pool_number_or(facts, "ports.in_use6_for4", at_worst);
	if (isnan(four + six))
		return bounds_of(0, view->size);
	if (at->family == 4)
		return bounds_of(four, four + maybe);
	return bounds_of(six, four + six);
}

static bool view_lists_locals(const struct pool_view *view)
{
	size_t first;
	size_t count = facts_instances(view->facts, "local.ports", &first);
	if (!view->counted)
		return false;
	for (size_t i = first; i < first + count; i++) {
		if (view->facts->items[i]->status != FACT_KNOWN)
			return false;
	}
	return facts_number(view->facts, "locals.total") == (double)count;
}

static struct bounds held_for(const struct pool_view *view, const struct address *at)
{
	if (address_is_any(at))
		return held_for_all(view, at);
	double held = local_ports(view, at);
	return bounds_of(held, held);
}

/* Listeners and bound sockets in the way of bind() to this address. */
static struct bounds pinned_for(const struct pool_view *view,
		const struct address *at,
		double blocked)
{
	struct portset best;
	struct portset worst;
	if (!view->pinned_known)
		return bounds_of(0, blocked);
	holdings_ports(&view->pinned, at, &best, &worst);
	double least = pool_view_count_ports(view, &best);
	double most = pool_view_count_ports(view, &worst);
	return bounds_of(least, most);
}

/* The same, and connected sockets: at worst all ports that anything holds. */
static struct bounds in_way_of(const struct pool_view *view, const struct address *at)
{
	double blocked = facts_number(view->facts, "ports.blocked_in_range");
	if (isnan(blocked))
		blocked = view->size;
	struct bounds way = pinned_for(view, at, blocked);
	double all = view->held + blocked;
	all = fmax(all, way.worst);
	bool listed = view_lists_locals(view);
	if (!listed)
		return bounds_of(way.best, all);
	struct bounds held = held_for(view, at);
	way.worst += held.worst;
	way.worst = fmin(way.worst, all);
	way.best += held.best;
	way.best = fmin(way.best, way.worst);
	return way;
}

/* It is not known which address is bound: any of those that sockets have, or another. */
static struct bounds in_way_of_some(const struct pool_view *view)
{
	double blocked = pool_number_or(view->facts, "ports.blocked_in_range", view->size);
	double worst = fmin(view->size, blocked + view->held);
	return bounds_of(0, worst);
}

/* The ports in the way of one address. */
typedef struct bounds way_fn(const struct pool_view *view, const struct address *at);

static struct bounds in_way_of_sources(const struct pool_view *view,
		const struct address_list *sources,
		way_fn *way)
{
	struct bounds most = {0, 0};
	for (size_t i = 0; i < sources->count; i++) {
		struct bounds one = way(view, &sources->items[i]);
		most = bounds_larger(most, one);
	}
	return most;
}

/* Of all addresses of the destination's family; of either one where it is not known. */

static struct bounds in_way_of_all(const struct pool_view *view,
		const char *destination,
		way_fn *way)
{
	static const struct address four = {.family = 4};
	static const struct address six = {.family = 6};
	struct address to = pool_destination_address(view, destination);
	if (to.family == 4)
		return way(view, &four);
	if (to.family == 6)
		return way(view, &six);
	struct bounds by_four = way(view, &four);
	struct bounds by_six = way(view, &six);
	return bounds_either(by_four, by_six);
}

struct bounds pool_bind(const struct pool_view *view, const char *destination)
{
	if (pool_plan_says(view->workload, W_BIND, "wildcard"))
		return in_way_of_all(view, destination, in_way_of);
	struct address_list sources = pool_bound_sources(view, destination);
	if (sources.count == 0)
		return in_way_of_some(view);
	return in_way_of_sources(view, &sources, in_way_of);
}

static struct bounds udp_in_way_of_some(const struct pool_view *view)
{
	double blocked = pool_number_or(view->facts, "ports.udp_blocked_in_range", view->size);
	return bounds_of(0, blocked);
}

static struct bounds udp_in_way_of(const struct pool_view *view, const struct address *at)
{
	struct holdings holdings;
	struct portset best;
	struct portset worst;
	const char *text = facts_text(view->facts, "ports.udp_pinned");
	if (!text)
		return udp_in_way_of_some(view);
	if (!holdings_read(view->arena, text, &holdings))
		return udp_in_way_of_some(view);
	holdings_ports(&holdings, at, &best, &worst);
	struct bounds way;
	way.best = pool_view_count_ports(view, &best);
	way.worst = pool_view_count_ports(view, &worst);
	return way;
}

struct bounds pool_bind_udp(const struct pool_view *view, const char *destination)
{
	const struct workload *plan = view->workload;
	bool none = pool_plan_says(plan, W_BIND, "none");
	bool wildcard = pool_plan_says(plan, W_BIND, "wildcard");
	if (none || wildcard)
		return in_way_of_all(view, destination, udp_in_way_of);
	struct address_list sources = pool_bound_sources(view, destination);
	if (sources.count == 0)
		return udp_in_way_of_some(view);
	return in_way_of_sources(view, &sources, udp_in_way_of);
}
