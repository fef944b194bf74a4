/* Of several pools that may be the plan's, the one with the most in use counts. */
#include "model/pools/connect.h"

#include <math.h>

#include "model/pools/addresses.h"

static struct address_list sources_towards(const struct pool_view *view, const struct address *to)
{
	struct address_list list = {.count = 0};
	struct address from;
	if (!pool_plan_says(view->workload, W_BIND, "none"))
		list = pool_listed_sources(view);
	if (list.count > 0 || view->workload->values[W_SOURCE_ADDRESSES].number > 1)
		return list;
	if (pool_routed_source(view, to, &from))
		pool_address_add(view->arena, &list, &from);
	return list;
}

static bool row_is_towards(const struct pool_row *row, const struct address *to, unsigned port)
{
	if (port != 0 && row->port != port)
		return false;
	return address_is_same(&row->to, to);
}

static struct bounds row_use(const struct pool_view *view, const struct pool_row *row)
{
	/* net/ipv4/tcp_ipv4.c, tcp_twsk_unique(): either end makes it loopback. */
	bool to_itself = address_is_loopback(&row->to);
	bool from_itself = address_is_loopback(&row->from);
	bool loopback = to_itself || from_itself;
	bool at_best = pool_view_reuses(view, loopback, false);
	bool at_worst = pool_view_reuses(view, loopback, true);
	double all = row->ports + row->reusable;
	struct bounds use = bounds_of(all, all);
	if (at_best)
		use.best = row->ports;
	if (at_worst)
		use.worst = row->ports;
	return use;
}

/* Pools towards one address, as they are gone through. */
struct tower {
	struct bounds most; /* of the one with the most in use */
	size_t count;
};

static void tower_take(struct tower *tower, struct bounds use)
{
	tower->most = bounds_larger(tower->most, use);
	tower->count++;
}

/* May the plan's pool be one without sockets? Where routes were looked for, only those are named
 * that differ from the local address of the one pool there is. */
static bool may_be_another(const struct pool_view *view,
		const struct address_list *sources,
		size_t pools)
{
	if (sources->count > 0 || pools == 0)
		return false;
	return pools > 1 || !view->routes_known;
}

/* Of several sources that the plan names, the one with the most in use counts. */
static struct bounds use_towards(const struct pool_view *view,
		const struct address *to,
		unsigned port)
{
	struct address_list sources = sources_towards(view, to);
	struct tower tower = {.count = 0};
	size_t rows = 0;
	for (size_t i = 0; i < view->row_count; i++) {
		const struct pool_row *row = &view->rows[i];
		bool maybe = sources.count == 0 || row->from.family == 0;
		if (!row_is_towards(row, to, port))
			continue;
		rows++;
		if (maybe || pool_address_has(&sources, &row->from))
			tower_take(&tower, row_use(view, row));
	}
	struct bounds use = tower.most;
	if (port == 0 || may_be_another(view, &sources, tower.count))
		use.best = 0;
	bool all_listed = sources.count > 0 && tower.count >= sources.count;
	if (all_listed && !view->rows_missing)
		return use;
	double unlisted = pool_view_unlisted(view, to, port, rows);
	use.worst = fmax(use.worst, unlisted);
	return use;
}

/* Of several addresses of a name, the one with the most in use counts. */
static struct bounds use_of_addresses(const struct pool_view *view,
		const struct address_list *list,
		unsigned port)
{
	struct bounds use = {0, 0};
	for (size_t i = 0; i < list->count; i++) {
		struct bounds one = use_towards(view, &list->items[i], port);
		use = bounds_larger(use, one);
	}
	return use;
}

/* A name that does not resolve may be the destination of any pool with its port. */
static struct bounds use_of_any(const struct pool_view *view, unsigned port)
{
	struct bounds use = {0, view->unlisted};
	for (size_t i = 0; i < view->row_count; i++) {
		const struct pool_row *row = &view->rows[i];
		if (port != 0 && row->port != port)
			continue;
		struct bounds one = row_use(view, row);
		use.worst = fmax(use.worst, one.worst);
	}
	return use;
}

static struct bounds use_of_destination(const struct pool_view *view, const char *destination)
{
	struct host_port to;
	struct address_list list;
	if (*destination == '\0')
		return bounds_of(0, 0);
	if (!host_port_split(destination, &to))
		return use_of_any(view, 0);
	if (pool_addresses(view, &to, &list))
		return use_of_addresses(view, &list, to.port);
	return use_of_any(view, to.port);
}

void pool_connect(const struct pool_view *view,
		const char *destination,
		struct bounds *ret_use,
		struct bounds *ret_blocked)
{
	double blocked = facts_number(view->facts, "ports.blocked_in_range");
	double given = facts_number(view->facts, "ports.bound_connected");
	*ret_blocked = bounds_of(0, view->size);
	*ret_use = bounds_of(0, view->size);
	if (view->counted)
		*ret_use = use_of_destination(view, destination);
	if (isnan(blocked))
		return;
	double others = fmax(0, view->held - ret_use->worst);
	*ret_blocked = bounds_of(blocked, blocked + others);
	if (isnan(given))
		return;
	ret_blocked->best = blocked + fmin(given, others);
	ret_blocked->worst = ret_blocked->best;
}
