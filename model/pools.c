/* Ports that are not free for a plan, judged pool by pool.
 *
 * connect() without bind(), and with IP_BIND_ADDRESS_NO_PORT, shares a port with sockets of other
 * pools, but not with a socket that listens or called bind(), whatever its address. Whether a
 * connected socket called bind() cannot be seen from outside: at best none did, at worst all did.
 * bind() before connect() takes a port away from every destination, but only sockets whose address
 * conflicts are in its way. So it is for each UDP socket. */
#include "model/pools.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/address.h"
#include "base/array.h"
#include "base/portset.h"
#include "model/conflict.h"
#include "model/derive.h"
#include "model/load/destination.h"

static const char in_use_key[] = "destination.in_use", blocked_key[] = "destination.blocked";

static const char *const pools_names[] = {
		"destination.in_use",
		"destination.in_use_best",
		"destination.in_use_worst",
		"destination.blocked",
		"destination.blocked_best",
		"destination.blocked_worst",
		"destination.sharing",
};

bool pools_type(const char *name, enum unit *ret_unit)
{
	for (size_t i = 0; i < COUNT_OF(pools_names); i++) {
		if (strcmp(name, pools_names[i]) != 0)
			continue;
		*ret_unit = UNIT_COUNT;
		return true;
	}
	return false;
}

struct bounds {
	double best, worst;
};

static struct bounds bounds_of(double best, double worst)
{
	struct bounds bounds;
	bounds.best = best;
	bounds.worst = worst;
	return bounds;
}

/* Of two, the one that leaves fewer ports. */
static struct bounds bounds_larger(struct bounds a, struct bounds b)
{
	double best = fmax(a.best, b.best);
	double worst = fmax(a.worst, b.worst);
	return bounds_of(best, worst);
}

/* The sockets of one pool, as facts say. */
struct pool_row {
	struct address from; /* family 0: not known */
	struct address to;
	unsigned port;
	double ports, reusable;
};

/* The local address that connect() chooses towards `to`. */
struct pool_source {
	struct address to, from;
};

/* What all destinations share. */
struct pool_view {
	struct arena *arena;
	struct facts *facts;
	const struct workload *workload;
	unsigned low, high;
	double size; /* ports of the range that are not reserved */
	struct portset reserved;
	bool counted; /* the connected sockets are known */
	double held;  /* ports that they hold and that nothing else blocks */
	struct pool_row *rows;
	size_t row_count, row_capacity;
	double unlisted; /* the most sockets of a pool that is not among the rows */
	struct holdings pinned;
	bool pinned_known;
	struct pool_source *routes;
	size_t route_count;
};

/* Addresses that may be meant; at most one pool of each counts. */
struct address_list {
	struct address *items;
	size_t count, capacity;
};

static void address_list_add(struct arena *arena,
		struct address_list *list,
		const struct address *address)
{
	list->items = arena_grow(arena, list->items, list->count, &list->capacity, sizeof *list->items);
	list->items[list->count++] = *address;
}

static bool address_list_has(const struct address_list *list, const struct address *address)
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
			address_list_add(arena, list, &address);
		text += length;
		text += strspn(text, " ");
	}
}

static bool address_of_text(const char *text, struct address *ret_address)
{
	return address_parse(text, strlen(text), ret_address);
}

static bool workload_says(const struct workload *workload,
		enum workload_field field,
		const char *word)
{
	const char *text = workload->values[field].text;
	return text && strcmp(text, word) == 0;
}

/* The number of a known fact; `missing` where there is none. */
static double number_or(const struct facts *facts, const char *key, double missing)
{
	double number = facts_number(facts, key);
	if (isnan(number))
		return missing;
	return number;
}

static double instance_number_or(const struct facts *facts,
		const char *key,
		const char *instance,
		double missing)
{
	const struct fact *fact = facts_get(facts, key, instance);
	if (!fact || fact->status != FACT_KNOWN)
		return missing;
	return fact->number;
}

static struct pool_row *view_add_row(struct pool_view *view)
{
	view->rows = arena_grow(view->arena,
			view->rows,
			view->row_count,
			&view->row_capacity,
			sizeof *view->rows);
	return &view->rows[view->row_count++];
}

/* "SOURCE>DESTINATION:PORT"; without ">" the source is not known. */
static bool row_parse(const char *instance, struct pool_row *ret_row)
{
	struct host_port split;
	const char *arrow = strchr(instance, '>'), *to = instance;
	*ret_row = (struct pool_row){.port = 0};
	if (arrow) {
		size_t length = (size_t)(arrow - instance);
		if (!address_parse(instance, length, &ret_row->from))
			return false;
		to = arrow + 1;
	}
	if (!host_port_split(to, &split))
		return false;
	ret_row->port = split.port;
	return address_parse(split.host, split.length, &ret_row->to);
}

/* Where this number is not among the facts, it may be all sockets that are not in `ports`. */
static double pool_reusable(const struct facts *facts, const struct fact *ports)
{
	double sockets = instance_number_or(facts, "pool.sockets", ports->instance, INFINITY);
	double most = fmax(0, sockets - ports->number);
	return instance_number_or(facts, "pool.reusable", ports->instance, most);
}

static void view_read_pools(struct pool_view *view)
{
	size_t first, count = facts_instances(view->facts, "pool.ports", &first);
	for (size_t i = first; i < first + count; i++) {
		struct pool_row row;
		const struct fact *fact = view->facts->items[i];
		if (fact->status != FACT_KNOWN || !row_parse(fact->instance, &row))
			continue;
		row.ports = fact->number;
		row.reusable = pool_reusable(view->facts, fact);
		*view_add_row(view) = row;
	}
	double total = number_or(view->facts, "pools.total", (double)count);
	double unlisted = number_or(view->facts, "pools.unlisted", total - (double)count);
	view->unlisted = number_or(view->facts, "pools.largest_unlisted", view->held);
	if (unlisted <= 0)
		view->unlisted = 0;
	/* The list is not the one that was counted: any pool may be missing in it. */
	if (total - unlisted > (double)view->row_count)
		view->unlisted = view->held;
}

/* Snapshots and facts of 0.1 count by destination alone, and list the 32 busiest. */
static void view_read_destinations(struct pool_view *view)
{
	const size_t listed_most = 32;
	size_t first, count = facts_instances(view->facts, "destination.sockets", &first);
	double least = INFINITY;
	for (size_t i = first; i < first + count; i++) {
		struct pool_row row;
		const struct fact *fact = view->facts->items[i];
		if (fact->status != FACT_KNOWN || !row_parse(fact->instance, &row))
			continue;
		row.reusable = instance_number_or(view->facts, "destination.time_wait", fact->instance, 0);
		row.ports = fmax(0, fact->number - row.reusable);
		*view_add_row(view) = row;
		least = fmin(least, fact->number);
	}
	if (count >= listed_most)
		view->unlisted = least;
}

/* A fact that is not there is taken for none, one that could not be read is not. */
static bool view_count(struct pool_view *view, const char *key)
{
	const struct fact *fact = facts_get(view->facts, key, "");
	if (!fact || fact->status == FACT_ABSENT)
		return true;
	view->held = number_or(view->facts, key, view->size);
	return fact->status == FACT_KNOWN;
}

static void view_read_routes(struct pool_view *view)
{
	size_t first, count = facts_instances(view->facts, "route.source", &first);
	view->routes = arena_alloc(view->arena, (count + 1) * sizeof *view->routes);
	for (size_t i = first; i < first + count; i++) {
		const struct fact *fact = view->facts->items[i];
		struct pool_source *route = &view->routes[view->route_count];
		if (fact->status != FACT_KNOWN)
			continue;
		if (!address_of_text(fact->instance, &route->to))
			continue;
		if (address_of_text(fact->text, &route->from))
			view->route_count++;
	}
}

static void view_read(struct pool_view *view)
{
	const char *pinned = facts_text(view->facts, "ports.pinned");
	if (facts_get(view->facts, "ports.in_use", "")) {
		view->counted = view_count(view, "ports.in_use");
		view_read_pools(view);
	} else {
		view->counted = view_count(view, "ports.connected_in_range");
		view_read_destinations(view);
	}
	view_read_routes(view);
	view->pinned_known = pinned && holdings_read(view->arena, pinned, &view->pinned);
}

static unsigned view_count_ports(const struct pool_view *view, const struct portset *set)
{
	struct portset counted = *set;
	portset_subtract(&counted, &view->reserved);
	return portset_count(&counted, view->low, view->high);
}

static bool view_reuses(const struct pool_view *view, bool loopback)
{
	const double always = 1, on_loopback = 2;
	double reuse = number_or(view->facts, "net.ipv4.tcp_tw_reuse", 0);
	if (number_or(view->facts, "net.ipv4.tcp_timestamps", 1) <= 0)
		return false;
	if (reuse == on_loopback)
		return loopback;
	return reuse == always;
}

/* --- The addresses of a destination and of a source --- */

/* The fact of this name, whatever its case. */
static const struct fact *find_name(const struct pool_view *view, const char *host, size_t length)
{
	size_t first, count = facts_instances(view->facts, "name.addresses", &first);
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
static bool addresses_of(const struct pool_view *view,
		const struct host_port *to,
		struct address_list *ret_list)
{
	struct address address;
	*ret_list = (struct address_list){.count = 0};
	if (address_parse(to->host, to->length, &address)) {
		address_list_add(view->arena, ret_list, &address);
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
static bool routed_source(const struct pool_view *view,
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
		return address_of_text("::1", ret_from);
	return address_of_text("127.0.0.1", ret_from);
}

/* The addresses that the plan lists; nothing for a plan that names their number alone. */
static struct address_list listed_sources(const struct pool_view *view)
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
			address_list_add(view->arena, &list, &address);
	}
	return list;
}

static struct address_list sources_towards(const struct pool_view *view, const struct address *to)
{
	struct address_list list = {.count = 0};
	struct address from;
	if (!workload_says(view->workload, W_BIND, "none"))
		list = listed_sources(view);
	if (list.count > 0 || view->workload->values[W_SOURCE_ADDRESSES].number > 1)
		return list;
	if (routed_source(view, to, &from))
		address_list_add(view->arena, &list, &from);
	return list;
}

/* --- connect() without bind(), and with IP_BIND_ADDRESS_NO_PORT --- */

static bool row_is_towards(const struct pool_row *row, const struct address *to, unsigned port)
{
	if (port != 0 && row->port != port)
		return false;
	return address_is_same(&row->to, to);
}

static double row_use(const struct pool_view *view, const struct pool_row *row)
{
	if (view_reuses(view, address_is_loopback(&row->to)))
		return row->ports;
	return row->ports + row->reusable;
}

/* Pools towards one address, as they are gone through. */
struct tower {
	double least, most; /* of the pools that may be the plan's */
	size_t count;
};

static void tower_take(struct tower *tower, double use)
{
	if (tower->count == 0 || use < tower->least)
		tower->least = use;
	tower->most = fmax(tower->most, use);
	tower->count++;
}

/* Of several sources that the plan names, the one with the most in use counts. */
static struct bounds use_towards(const struct pool_view *view,
		const struct address *to,
		unsigned port)
{
	struct address_list sources = sources_towards(view, to);
	struct tower tower = {.count = 0};
	for (size_t i = 0; i < view->row_count; i++) {
		const struct pool_row *row = &view->rows[i];
		bool maybe = sources.count == 0 || row->from.family == 0;
		if (!row_is_towards(row, to, port))
			continue;
		if (maybe || address_list_has(&sources, &row->from))
			tower_take(&tower, row_use(view, row));
	}
	struct bounds use = {tower.most, tower.most};
	bool one_of_many = sources.count == 0 && tower.count > 1;
	if (one_of_many || port == 0)
		use.best = tower.least;
	if (port == 0)
		use.best = 0;
	if (tower.count == 0)
		use.worst = view->unlisted;
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
		if (port == 0 || row->port == port)
			use.worst = fmax(use.worst, row_use(view, row));
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
	if (addresses_of(view, &to, &list))
		return use_of_addresses(view, &list, to.port);
	return use_of_any(view, to.port);
}

static void late_bind(const struct pool_view *view,
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

/* --- bind() before connect() --- */

static double local_ports(const struct pool_view *view, const struct address *at)
{
	size_t first, count = facts_instances(view->facts, "local.ports", &first);
	for (size_t i = first; i < first + count; i++) {
		const struct fact *fact = view->facts->items[i];
		struct address address;
		if (!address_of_text(fact->instance, &address))
			continue;
		if (address_is_same(&address, at) && fact->status == FACT_KNOWN)
			return fact->number;
	}
	return 0;
}

/* The connected sockets in the way of binding all addresses: surely those of the same family. */
static struct bounds held_for_all(const struct pool_view *view, const struct address *at)
{
	double four = facts_number(view->facts, "ports.in_use4");
	double six = facts_number(view->facts, "ports.in_use6");
	struct bounds held = {six, four + six};
	if (at->family == 4)
		held.best = four;
	if (isnan(held.worst))
		return bounds_of(0, view->size);
	return held;
}

static bool view_lists_locals(const struct pool_view *view)
{
	size_t first;
	double listed = (double)facts_instances(view->facts, "local.ports", &first);
	if (!view->counted)
		return false;
	if (!facts_get(view->facts, "ports.in_use", ""))
		return false;
	return facts_number(view->facts, "locals.total") == listed;
}

static struct bounds held_for(const struct pool_view *view, const struct address *at)
{
	if (!view_lists_locals(view))
		return bounds_of(0, view->held);
	if (address_is_any(at))
		return held_for_all(view, at);
	double held = local_ports(view, at);
	return bounds_of(held, held);
}

/* Listeners and bound sockets, and connected ones, in the way of bind() to this address. */
static struct bounds in_way_of(const struct pool_view *view, const struct address *at)
{
	struct portset best, worst;
	struct bounds held = held_for(view, at);
	double blocked = facts_number(view->facts, "ports.blocked_in_range");
	if (isnan(blocked))
		blocked = view->size;
	if (!view->pinned_known)
		return bounds_of(held.best, held.worst + blocked);
	holdings_ports(&view->pinned, at, &best, &worst);
	return bounds_of(held.best + view_count_ports(view, &best),
			held.worst + view_count_ports(view, &worst));
}

/* It is not known which address is bound: any of those that sockets have, or another. */
static struct bounds in_way_of_some(const struct pool_view *view)
{
	double blocked = number_or(view->facts, "ports.blocked_in_range", view->size);
	return bounds_of(0, fmin(view->size, blocked + view->held));
}

static struct bounds in_way_of_sources(const struct pool_view *view,
		const struct address_list *sources)
{
	struct bounds way = {0, 0};
	if (sources->count == 0)
		return in_way_of_some(view);
	for (size_t i = 0; i < sources->count; i++) {
		struct bounds one = in_way_of(view, &sources->items[i]);
		way = bounds_larger(way, one);
	}
	return way;
}

static struct bounds bounds_either(struct bounds a, struct bounds b)
{
	return bounds_of(fmin(a.best, b.best), fmax(a.worst, b.worst));
}

/* The address of the destination; family 0: it has several, or it is not known. */
static struct address destination_address(const struct pool_view *view, const char *destination)
{
	struct host_port to;
	struct address_list list;
	struct address none = {.family = 0};
	if (*destination == '\0')
		return none;
	if (!host_port_split(destination, &to))
		return none;
	if (!addresses_of(view, &to, &list))
		return none;
	if (list.count != 1)
		return none;
	return list.items[0];
}

/* Something for all addresses of the destination's family; of either one where it is not known. */
typedef struct bounds way_fn(const struct pool_view *view, const struct address *all);

static struct bounds in_way_of_all(const struct pool_view *view,
		const char *destination,
		way_fn *way)
{
	static const struct address four = {.family = 4};
	static const struct address six = {.family = 6};
	struct address to = destination_address(view, destination);
	if (to.family == 4)
		return way(view, &four);
	if (to.family == 6)
		return way(view, &six);
	return bounds_either(way(view, &four), way(view, &six));
}

static struct address_list bound_sources(const struct pool_view *view, const char *destination)
{
	struct address to = destination_address(view, destination);
	struct address_list list = listed_sources(view);
	struct address from;
	if (list.count > 0 || to.family == 0)
		return list;
	if (view->workload->values[W_SOURCE_ADDRESSES].number > 1)
		return list;
	if (routed_source(view, &to, &from))
		address_list_add(view->arena, &list, &from);
	return list;
}

static struct bounds early_bind(const struct pool_view *view, const char *destination)
{
	if (workload_says(view->workload, W_BIND, "wildcard"))
		return in_way_of_all(view, destination, in_way_of);
	struct address_list sources = bound_sources(view, destination);
	return in_way_of_sources(view, &sources);
}

/* --- UDP --- */

static struct bounds udp_in_way_of(const struct pool_view *view, const struct address *at)
{
	struct holdings holdings;
	struct portset best, worst;
	const char *text = facts_text(view->facts, "ports.udp_pinned");
	if (!text || !holdings_read(view->arena, text, &holdings)) {
		double blocked = number_or(view->facts, "ports.udp_blocked_in_range", view->size);
		return bounds_of(0, blocked);
	}
	holdings_ports(&holdings, at, &best, &worst);
	return bounds_of(view_count_ports(view, &best), view_count_ports(view, &worst));
}

static struct bounds udp_bind(const struct pool_view *view, const char *destination)
{
	bool none = workload_says(view->workload, W_BIND, "none");
	struct bounds way = {0, 0};
	if (none || workload_says(view->workload, W_BIND, "wildcard"))
		return in_way_of_all(view, destination, udp_in_way_of);
	struct address_list sources = bound_sources(view, destination);
	if (sources.count == 0)
		return bounds_of(0, number_or(view->facts, "ports.udp_blocked_in_range", view->size));
	for (size_t i = 0; i < sources.count; i++) {
		struct bounds one = udp_in_way_of(view, &sources.items[i]);
		way = bounds_larger(way, one);
	}
	return way;
}

/* --- Facts --- */

static void put_derived(const struct pool_view *view,
		const char *key,
		const char *instance,
		double number)
{
	struct fact *fact;
	fact = facts_put_number(view->facts, key, instance, number, UNIT_COUNT, "ss -tan");
	fact->origin = ORIGIN_DERIVED;
}

static void put_bounds(const struct pool_view *view,
		const char *key,
		const char *instance,
		struct bounds bounds,
		const char *why)
{
	struct arena *arena = view->arena;
	bounds.best = fmin(bounds.best, view->size);
	bounds.worst = fmin(fmax(bounds.best, bounds.worst), view->size);
	const char *best = arena_printf(arena, "%s_best", key);
	const char *worst = arena_printf(arena, "%s_worst", key);
	put_derived(view, best, instance, bounds.best);
	put_derived(view, worst, instance, bounds.worst);
	if (bounds.best >= bounds.worst) {
		put_derived(view, key, instance, bounds.best);
		return;
	}
	const char *note =
			arena_printf(arena, "%.0f at best, %.0f at worst: %s", bounds.best, bounds.worst, why);
	facts_put_missing(view->facts, key, instance, FACT_SKIPPED, UNIT_COUNT, NULL, note)->origin =
			ORIGIN_DERIVED;
}

/* What is found out about one destination. */
struct finding_of {
	const char *destination;
	struct bounds use, blocked;
	const char *why;
	size_t at;      /* its place in the plan */
	double sharing; /* destinations of the plan that are this pool; 0: not counted */
};

static void pools_derive_one(const struct pool_view *view, struct finding_of *ret)
{
	static const char bound[] =
			"the kernel does not show which connected sockets called bind(), and those block "
			"their port for every destination";
	static const char which[] = "not every socket could be assigned to a pool";
	bool none = workload_says(view->workload, W_BIND, "none");
	bool noport = workload_says(view->workload, W_BIND, "noport");
	ret->why = which;
	if (workload_says(view->workload, W_PROTOCOL, "udp")) {
		ret->blocked = udp_bind(view, ret->destination);
	} else if (none || noport) {
		ret->why = bound;
		late_bind(view, ret->destination, &ret->use, &ret->blocked);
	} else {
		ret->blocked = early_bind(view, ret->destination);
	}
}

static void pools_put(const struct pool_view *view, const struct finding_of *found)
{
	static const char which[] = "not every socket could be assigned to a pool";
	put_bounds(view, in_use_key, found->destination, found->use, which);
	put_bounds(view, blocked_key, found->destination, found->blocked, found->why);
	if (found->sharing > 0)
		put_derived(view, "destination.sharing", found->destination, found->sharing);
}

/* false: the range is not known, so that nothing is. */
static bool view_open(struct pool_view *view)
{
	struct portset all = {{0}};
	if (!derive_range(view->facts, &view->low, &view->high))
		return false;
	derive_reserved_now(view->facts, &view->reserved);
	portset_add(&all, view->low, view->high);
	view->size = view_count_ports(view, &all);
	view_read(view);
	return true;
}

/* Fewer ports left come first, then the order of the plan. */
static int by_ports_left(const void *a, const void *b)
{
	const struct finding_of *left = a, *right = b;
	double left_taken = left->use.worst + left->blocked.worst;
	double right_taken = right->use.worst + right->blocked.worst;
	if (left->sharing < right->sharing)
		return 1;
	if (left->sharing > right->sharing)
		return -1;
	if (left_taken < right_taken)
		return 1;
	if (left_taken > right_taken)
		return -1;
	return (left->at > right->at) - (left->at < right->at);
}

static const struct workload_value *plan_destinations(const struct workload *workload)
{
	if (workload_says(workload, W_ROLE, "proxy"))
		return &workload->values[W_UP_DESTINATIONS];
	return &workload->values[W_DESTINATIONS];
}

/* 0: the plan does not name them. */
static size_t plan_destination_count(const struct workload *workload)
{
	const struct workload_value *to = plan_destinations(workload);
	if (!to->list)
		return 0;
	return (size_t)to->number;
}

/* One address of one destination of the plan. */
struct meeting {
	struct address address;
	unsigned port;
	struct finding_of *of;
};

static int compare_meetings(const void *a, const void *b)
{
	const struct meeting *left = a, *right = b;
	int port = (int)left->port - (int)right->port;
	if (port != 0)
		return port;
	return memcmp(&left->address, &right->address, sizeof left->address);
}

/* Names of one address, and an address beside its name, are one pool. At worst all of them use the
 * address that they have in common. */
static void count_sharing(const struct pool_view *view, struct finding_of *found, size_t count)
{
	struct meeting *meetings = NULL;
	size_t met = 0, capacity = 0, group;
	for (size_t i = 0; i < count; i++) {
		struct host_port to;
		struct address_list list;
		found[i].sharing = 1;
		if (!host_port_split(found[i].destination, &to))
			continue;
		if (!addresses_of(view, &to, &list))
			continue;
		for (size_t k = 0; k < list.count; k++) {
			meetings = arena_grow(view->arena, meetings, met, &capacity, sizeof *meetings);
			struct meeting *meeting = &meetings[met++];
			meeting->address = list.items[k];
			meeting->port = to.port;
			meeting->of = &found[i];
		}
	}
	if (met > 0)
		qsort(meetings, met, sizeof *meetings, compare_meetings);
	for (size_t i = 0; i < met; i += group) {
		group = 1;
		while (i + group < met && compare_meetings(&meetings[i], &meetings[i + group]) == 0)
			group++;
		for (size_t k = i; k < i + group; k++) {
			struct finding_of *one = meetings[k].of;
			one->sharing = fmax(one->sharing, (double)group);
		}
	}
}

/* The destinations to look at. Of very many, only those that were the fullest before: facts are
 * derived again and again while fixes are tried. */
static struct finding_of *destinations_of(const struct facts *facts,
		const struct workload *workload,
		size_t *ret_count)
{
	const struct workload_value *to = plan_destinations(workload);
	size_t first, before = facts_instances(facts, in_use_key, &first);
	size_t count = plan_destination_count(workload);
	struct finding_of *found = arena_alloc(facts->arena, (count + 1) * sizeof *found);
	bool again = count > POOLS_JUDGED && before > 1;
	*ret_count = count;
	for (size_t i = 0; i < count && !again; i++) {
		found[i].destination = to->list[i];
		found[i].at = i;
	}
	if (!again)
		return found;
	*ret_count = 0;
	for (size_t i = first; i < first + before; i++) {
		const char *instance = facts->items[i]->instance;
		if (*instance == '\0' || *ret_count == count)
			continue;
		struct finding_of *one = &found[(*ret_count)++];
		one->destination = instance;
		one->at = i;
	}
	return found;
}

void pools_derive(struct facts *facts, const struct workload *workload)
{
	struct pool_view view = {
			.arena = facts->arena,
			.facts = facts,
			.workload = workload,
	};
	struct finding_of other = {.destination = ""};
	size_t count;
	struct finding_of *found = destinations_of(facts, workload, &count);
	bool known = view_open(&view);
	if (known)
		pools_derive_one(&view, &other);
	for (size_t i = 0; i < count && known; i++)
		pools_derive_one(&view, &found[i]);
	if (count == plan_destination_count(workload))
		count_sharing(&view, found, count);
	if (count > POOLS_JUDGED) {
		qsort(found, count, sizeof *found, by_ports_left);
		count = POOLS_JUDGED;
	}
	pools_put(&view, &other);
	for (size_t i = 0; i < count; i++)
		pools_put(&view, &found[i]);
	facts_sort(facts);
}
