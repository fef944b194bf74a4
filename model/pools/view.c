/* Facts of 0.2 have pools; those of 0.1 count by destination alone. */
#include "model/pools/view.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model/derive.h"
#include "model/load/destination.h"

bool pool_plan_says(const struct workload *workload, enum workload_field field, const char *word)
{
	const char *text = workload->values[field].text;
	return text && strcmp(text, word) == 0;
}

/* The number of a known fact; `missing` where there is none. */
double pool_number_or(const struct facts *facts, const char *key, double missing)
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
	const char *to = instance;
	const char *arrow = strchr(instance, '>');
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

/* Where this number is not among the facts, it may be any. */
static double pool_reusable(const struct facts *facts, const struct fact *ports)
{
	return instance_number_or(facts, "pool.reusable", ports->instance, INFINITY);
}

static int compare_counted(const void *a, const void *b)
{
	const struct pool_counted *left = a, *right = b;
	int port = (int)left->port - (int)right->port;
	if (port != 0)
		return port;
	return memcmp(&left->to, &right->to, sizeof left->to);
}

static void view_take_counted(struct pool_view *view, const struct fact *fact)
{
	struct pool_row row;
	struct pool_counted *counted;
	if (fact->status != FACT_KNOWN)
		return;
	if (!row_parse(fact->instance, &row))
		return;
	counted = &view->counts[view->counts_known];
	counted->to = row.to;
	counted->port = row.port;
	counted->pools = fact->number;
	view->counts_known++;
}

static void view_read_counted(struct pool_view *view)
{
	const size_t size = sizeof *view->counts;
	size_t first;
	size_t count = facts_instances(view->facts, "pool.counted", &first);
	view->counts = arena_alloc(view->arena, (count + 1) * size);
	for (size_t i = first; i < first + count; i++)
		view_take_counted(view, view->facts->items[i]);
	if (view->counts_known > 0)
		qsort(view->counts, view->counts_known, size, compare_counted);
}

double pool_view_unlisted(const struct pool_view *view,
		const struct address *to,
		unsigned port,
		size_t rows)
{
	const struct pool_counted *found;
	const struct pool_counted wanted = {
			.to = *to,
			.port = port,
	};
	if (view->counts_known == 0)
		return view->unlisted;
	found = bsearch(&wanted, view->counts, view->counts_known, sizeof wanted, compare_counted);
	if (found && found->pools == (double)rows)
		return 0;
	return view->unlisted;
}

static void view_read_pools(struct pool_view *view)
{
	size_t first;
	size_t count = facts_instances(view->facts, "pool.ports", &first);
	for (size_t i = first; i < first + count; i++) {
		struct pool_row row;
		const struct fact *fact = view->facts->items[i];
		if (fact->status != FACT_KNOWN)
			continue;
		if (!row_parse(fact->instance, &row))
			continue;
		row.ports = fact->number;
		row.reusable = pool_reusable(view->facts, fact);
		*view_add_row(view) = row;
	}
	double total = pool_number_or(view->facts, "pools.total", INFINITY);
	double unlisted = pool_number_or(view->facts, "pools.unlisted", INFINITY);
	view->unlisted = pool_number_or(view->facts, "pools.largest_unlisted", view->held);
	if (unlisted <= 0)
		view->unlisted = 0;
	bool skipped = facts_list_state(view->facts, "pool.ports") == LIST_SKIPPED;
	bool fewer = total - unlisted > (double)view->row_count;
	/* The list is not the one that was counted: any pool may be missing in it, and anything else
	 * may be wrong with it as well. */
	view->rows_missing = skipped || fewer || isinf(total) || isinf(unlisted);
	if (view->rows_missing)
		view->unlisted = view->size;
	view_read_counted(view);
}

/* Snapshots and facts of 0.1 count by destination alone, and list the 32 busiest. */
static void view_read_destinations(struct pool_view *view)
{
	const size_t listed_most = 32;
	size_t first;
	size_t count = facts_instances(view->facts, "destination.sockets", &first);
	double least = INFINITY;
	for (size_t i = first; i < first + count; i++) {
		struct pool_row row;
		const struct fact *fact = view->facts->items[i];
		if (fact->status != FACT_KNOWN)
			continue;
		if (!row_parse(fact->instance, &row))
			continue;
		row.reusable = instance_number_or(view->facts, "destination.time_wait", fact->instance, 0);
		row.reusable = fmin(row.reusable, fact->number);
		row.ports = fmax(0, fact->number - row.reusable);
		*view_add_row(view) = row;
		least = fmin(least, fact->number);
	}
	if (count >= listed_most)
		view->unlisted = least;
	view->rows_missing = facts_list_state(view->facts, "destination.sockets") == LIST_SKIPPED;
	if (view->rows_missing)
		view->unlisted = view->size;
}

/* Where there is no such fact nothing is held; what was not read may be anything. */
static bool view_count(struct pool_view *view, const char *key)
{
	enum fact_status status = facts_status(view->facts, key, "");
	if (status == FACT_ABSENT)
		return true;
	view->held = pool_number_or(view->facts, key, view->size);
	return status == FACT_KNOWN;
}

static void view_read_routes(struct pool_view *view)
{
	enum list_state state = facts_list_state(view->facts, "route.source");
	view->routes_known = state != LIST_SKIPPED;
	size_t first;
	size_t count = facts_instances(view->facts, "route.source", &first);
	view->routes = arena_alloc(view->arena, (count + 1) * sizeof *view->routes);
	for (size_t i = first; i < first + count; i++) {
		const struct fact *fact = view->facts->items[i];
		struct pool_source *route = &view->routes[view->route_count];
		if (fact->status != FACT_KNOWN)
			continue;
		if (!address_parse_text(fact->instance, &route->to))
			continue;
		if (address_parse_text(fact->text, &route->from))
			view->route_count++;
	}
}

/* 0.1 did not count by pool. */
static bool view_has_pools(const struct facts *facts)
{
	return facts_get(facts, "ports.in_use", "") || facts_list(facts, "pool.ports");
}

static void view_read(struct pool_view *view)
{
	const char *pinned = facts_text(view->facts, "ports.pinned");
	if (view_has_pools(view->facts)) {
		view->counted = view_count(view, "ports.in_use");
		view_read_pools(view);
	} else {
		view->counted = view_count(view, "ports.connected_in_range");
		view_read_destinations(view);
	}
	view_read_routes(view);
	view->pinned_known = pinned && holdings_read(view->arena, pinned, &view->pinned);
}

unsigned pool_view_count_ports(const struct pool_view *view, const struct portset *set)
{
	struct portset counted = *set;
	portset_subtract(&counted, &view->reserved);
	return portset_count(&counted, view->low, view->high);
}

/* The setting; where it is not known, `missing`. */
static double setting_or(const struct facts *facts, const char *key, double absent, double missing)
{
	if (facts_status(facts, key, "") == FACT_ABSENT)
		return absent;
	return pool_number_or(facts, key, missing);
}

bool pool_view_reuses(const struct pool_view *view, bool loopback, bool at_worst)
{
	const double off = 0, always = 1, on_loopback = 2;
	double missing = always;
	if (at_worst)
		missing = off;
	double reuse = setting_or(view->facts, "net.ipv4.tcp_tw_reuse", off, missing);
	if (setting_or(view->facts, "net.ipv4.tcp_timestamps", always, missing) <= 0)
		return false;
	if (reuse == on_loopback)
		return loopback;
	return reuse == always;
}

/* false: the range is not known, so that nothing is. */
bool pool_view_open(struct pool_view *view)
{
	struct portset all = {{0}};
	if (!derive_range(view->facts, &view->low, &view->high))
		return false;
	derive_reserved_now(view->facts, &view->reserved);
	portset_add(&all, view->low, view->high);
	view->size = pool_view_count_ports(view, &all);
	view_read(view);
	return true;
}
