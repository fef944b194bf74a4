/* Pools as facts: the key says what is counted, the instance is "SOURCE>DESTINATION:PORT". */
#include "probes/host/sockets/pool_facts.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "model/conflict.h"
#include "probes/host/put.h"
#include "probes/host/sockets/pools_json.h"
#include "probes/host/sockets/route.h"

static const char pools_command[] = "ss -tan"; /* shows by hand what was counted */
static const char pools_file[] = "pools.json";

static void pool_fact_count(struct facts *facts,
		const char *read_at,
		const char *key,
		const char *instance,
		double number)
{
	struct fact *fact = facts_put_number(facts, key, instance, number, UNIT_COUNT, pools_command);
	fact->read_at = read_at;
}

/* "10.0.0.1", "fd00::1". */
static const char *pool_address_text(struct arena *arena, const struct endpoint *at)
{
	char *text = arena_strdup(arena, endpoint_text(arena, at));
	*strrchr(text, ':') = '\0';
	if (*text != '[')
		return text;
	text[strlen(text) - 1] = '\0';
	return text + 1;
}

/* A row of a table of counts. */
struct pool_row {
	const char *key;
	double number;
};

static void pool_put_rows(struct facts *facts,
		const char *read_at,
		const char *instance,
		const struct pool_row *rows,
		size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct pool_row *row = &rows[i];
		pool_fact_count(facts, read_at, row->key, instance, row->number);
	}
}

static void pool_put(struct facts *facts, const char *read_at, const struct pool *pool)
{
	struct arena *arena = facts->arena;
	const char *from = pool_address_text(arena, &pool->from);
	const char *to = endpoint_text(arena, &pool->to);
	const char *instance = arena_printf(arena, "%s>%s", from, to);
	const struct pool_row rows[] = {
			{"pool.sockets", pool->sockets},
			{"pool.established", pool->established},
			{"pool.time_wait", pool->time_wait},
			{"pool.ports", pool->ports},
			{"pool.reusable", pool->reusable},
	};
	pool_put_rows(facts, read_at, instance, rows, COUNT_OF(rows));
}

/* How many pools are no facts, and how many sockets the largest of them has at most. */
static void pool_put_totals(struct facts *facts, const struct seen_pools *seen)
{
	size_t first;
	size_t listed = facts_instances(facts, "pool.ports", &first);
	double unlisted = seen->total - (double)listed;
	double largest = 0;
	if (unlisted > 0)
		largest = seen->largest_unlisted;
	const struct pool_row rows[] = {
			{"pools.total", seen->total},
			{"pools.unlisted", unlisted},
			{"pools.largest_unlisted", largest},
	};
	pool_put_rows(facts, seen->read_at, NULL, rows, COUNT_OF(rows));
}

static void pool_put_shown(struct probing *probing, struct seen_pools *seen)
{
	const struct pool **all;
	size_t count = pools_sorted(probing->arena, seen->pools, &all);
	size_t shown = POOLS_SHOWN;
	if (probing->options->destinations_detail)
		shown = POOLS_DETAIL;
	if (shown < count) {
		double largest = all[shown]->sockets;
		if (largest > seen->largest_unlisted)
			seen->largest_unlisted = largest;
		count = shown;
	}
	for (size_t i = 0; i < count; i++)
		pool_put(probing->facts, probing->read_at, all[i]);
	pool_put_totals(probing->facts, seen);
	enum list_state state = LIST_COMPLETE;
	double shown_count = (double)count;
	if (shown_count < seen->total)
		state = LIST_PARTIAL;
	put_lists(probing, "pool.", state, 0);
}

static void pool_take_endpoint(const struct endpoint *at, struct address *ret_address)
{
	ret_address->family = at->family;
	memcpy(ret_address->bytes, at->address, sizeof ret_address->bytes);
}

/* What the counts are made of. */
struct pool_count {
	const struct probing *probing;
	const struct socket_tally *tally;
	struct holdings pinned;
	bool pinned_known;
};

static unsigned pool_count_range(const struct probing *probing, const struct portset *set)
{
	unsigned low = probing->port_low;
	unsigned high = probing->port_high;
	return portset_count(set, low, high);
}

/* Ports that connected sockets hold against bind() to this address. */
static unsigned pool_count_against(const struct pool_count *count,
		const struct portset *set,
		const struct address *address)
{
	struct portset held = *set, pinned, at_worst;
	if (count->pinned_known) {
		holdings_ports(&count->pinned, address, &pinned, &at_worst);
		portset_subtract(&held, &pinned); /* blocked anyway */
	} else {
		portset_subtract(&held, &count->tally->listening); /* blocked at worst */
	}
	portset_subtract(&held, &count->tally->reserved);
	return pool_count_range(count->probing, &held);
}

static void pool_put_locals(struct probing *probing, const struct pool_count *count)
{
	const struct pools *pools = count->tally->pools;
	enum list_state state = LIST_COMPLETE;
	if (pools->more_locals)
		state = LIST_SKIPPED;
	put_lists(probing, "local.", state, 0);
	if (pools->more_locals)
		return;
	double total = (double)pools->local_count;
	pool_fact_count(probing->facts, probing->read_at, "locals.total", NULL, total);
	for (size_t i = 0; i < pools->local_count; i++) {
		const struct local *local = &pools->locals[i];
		const char *at = pool_address_text(probing->arena, &local->at);
		struct address address;
		pool_take_endpoint(&local->at, &address);
		double held = pool_count_against(count, &local->held, &address);
		pool_fact_count(probing->facts, probing->read_at, "local.ports", at, held);
	}
}

/* Ports that sockets of this family hold against bind() to all addresses of a family. */
static unsigned pool_count_family(const struct pool_count *count, unsigned family, unsigned against)
{
	struct portset held = {{0}};
	const struct pools *pools = count->tally->pools;
	const struct address all = {.family = (uint16_t)against};
	for (size_t i = 0; i < pools->local_count; i++) {
		if (pools->locals[i].at.family == family)
			portset_union(&held, &pools->locals[i].held);
	}
	return pool_count_against(count, &held, &all);
}

/* Ports that connected sockets hold and that neither a listener nor a bound socket has. */
static unsigned pool_count_held(const struct probing *probing, const struct socket_tally *tally)
{
	struct portset held = tally->held;
	portset_subtract(&held, &tally->listening);
	portset_subtract(&held, &tally->bound);
	portset_subtract(&held, &tally->reserved);
	return pool_count_range(probing, &held);
}

static void pool_put_held(struct probing *probing, const struct pool_count *count)
{
	size_t known = 1;
	struct pool_row rows[] = {
			{"ports.in_use", pool_count_held(probing, count->tally)},
			{"ports.in_use4", 0},
			{"ports.in_use6", 0},
			{"ports.in_use6_for4", 0},
	};
	if (!count->tally->pools->more_locals) {
		known = COUNT_OF(rows);
		rows[1].number = pool_count_family(count, 4, 4);
		rows[2].number = pool_count_family(count, 6, 6);
		rows[3].number = pool_count_family(count, 6, 4);
	}
	pool_put_rows(probing->facts, probing->read_at, NULL, rows, known);
}

static bool pool_is_routed(const struct pools *pools, const struct endpoint *to)
{
	for (size_t i = 0; i < pools->route_count; i++) {
		if (endpoint_is_same(&pools->routes[i].to, to))
			return true;
	}
	return false;
}

/* Notes the route where the pool has another local address than a plain connect() gets. */
static void pool_find_route(struct probing *probing,
		struct pools *pools,
		struct route_query *query,
		const struct pool *pool)
{
	struct pool_route route = {.to = pool->to};
	struct address to, source;
	route.to.port = 0;
	pool_take_endpoint(&pool->to, &to);
	if (pool_is_routed(pools, &route.to))
		return;
	if (!route_source(query, &to, &source))
		return;
	route.source.family = source.family;
	const size_t size = sizeof source.bytes;
	memcpy(route.source.address, source.bytes, size);
	if (!endpoint_is_same(&route.source, &pool->from))
		pools_add_route(probing->arena, pools, &route);
}

/* Of the pools with the most sockets; the plan's destinations are asked for later. */
static void pool_find_routes(struct probing *probing, struct pools *pools)
{
	const struct pool **all;
	size_t count = pools_sorted(probing->arena, pools, &all);
	struct route_query *query = NULL;
	if (!probing->netns_denied)
		query = route_open();
	pools->routes_known = query != NULL;
	if (count > POOLS_ROUTED)
		count = POOLS_ROUTED;
	for (size_t i = 0; query && i < count; i++)
		pool_find_route(probing, pools, query, all[i]);
	route_close(query);
}

/* Where a destination has no such fact, its sockets have the address that the route gives. */
static void pool_put_routes(struct probing *probing, const struct pools *pools)
{
	if (pools->routes_known)
		put_lists(probing, "route.", LIST_PARTIAL, 0);
	for (size_t i = 0; i < pools->route_count; i++) {
		const struct pool_route *route = &pools->routes[i];
		const char *to = pool_address_text(probing->arena, &route->to);
		const char *source = pool_address_text(probing->arena, &route->source);
		const char *where = arena_printf(probing->arena, "ip route get %s", to);
		struct fact *fact;
		fact = facts_put_text(probing->facts, "route.source", to, source, where);
		fact->read_at = probing->read_at;
	}
}

static void pool_keep(struct probing *probing, const struct pools *pools, const char *pinned)
{
	if (!source_keeps(probing->source))
		return;
	cJSON *json = pools_to_json(probing->arena, pools, pinned);
	char *text = cJSON_Print(json);
	if (text)
		source_keep(probing->source, pools_file, text, strlen(text));
	free(text);
	cJSON_Delete(json);
}

static void pool_put_pinned(struct probing *probing, const char *pinned)
{
	static const char key[] = "ports.pinned", only[] = "only ports are known";
	struct fact *fact;
	if (!pinned) {
		put_missing(probing, key, FACT_SKIPPED, UNIT_TEXT, NULL, only);
		return;
	}
	fact = facts_put_text(probing->facts, key, NULL, pinned, pools_command);
	fact->read_at = probing->read_at;
}

/* A snapshot's own pools, with what else it says of them. */
static bool pool_take_kept(struct probing *probing,
		struct socket_tally *counted,
		struct seen_pools *seen,
		const char **pinned)
{
	const char *bytes;
	size_t length;
	struct error err = {0};
	struct kept_pools *kept = arena_alloc(probing->arena, sizeof *kept);
	int unread = source_read_bytes(probing->source, pools_file, &bytes, &length);
	if (unread == SOURCE_NOT_COLLECTED && !source_is_of_first_release(probing->source))
		pool_facts_put_unreadable(probing, unread, pools_file, NULL);
	if (unread)
		return false;
	if (!pools_from_json(probing->arena, bytes, length, kept, &err)) {
		const char *note = arena_strdup(probing->arena, err.text);
		pool_facts_put_unreadable(probing, EINVAL, pools_file, note);
		return false;
	}
	counted->pools = &kept->pools;
	counted->pools->routes_known = true;
	seen->total = kept->total;
	seen->largest_unlisted = kept->largest_unlisted;
	*pinned = kept->pinned;
	return true;
}

/* The pools that have just been counted. */
static bool pool_take_counted(struct probing *probing,
		const struct socket_tally *counted,
		struct seen_pools *seen,
		const char *pinned)
{
	struct pools *pools = counted->pools;
	seen->total = (double)pools->count;
	if (pools->more) {
		source_keep_error(probing->source, pools_file, EFBIG);
		return false;
	}
	if (!probing->live)
		return true;
	pool_find_routes(probing, pools);
	pool_keep(probing, pools, pinned);
	return true;
}

/* A tree that holds the kernel's own tables needs no pools.json: they say it all, but for bound
 * sockets. */
static bool pool_is_counted(struct probing *probing, const struct socket_tally *tally)
{
	bool from_tables = strcmp(tally->source, "proc") == 0;
	if (probing->live || probing->options->image)
		return true;
	return from_tables && !source_exists(probing->source, pools_file);
}

void pool_facts_put(struct probing *probing, const struct socket_tally *tally, const char *pinned)
{
	struct seen_pools *seen = arena_alloc(probing->arena, sizeof *seen);
	struct socket_tally counted = *tally;
	bool taken;
	seen->read_at = probing->read_at;
	if (pool_is_counted(probing, tally))
		taken = pool_take_counted(probing, &counted, seen, pinned);
	else
		taken = pool_take_kept(probing, &counted, seen, &pinned);
	if (!taken)
		return;
	seen->pools = counted.pools;
	probing->info->pools = seen;
	pool_put_pinned(probing, pinned);
	pool_put_routes(probing, counted.pools);
	if (probing->port_high == 0)
		return;
	struct pool_count count = {.probing = probing, .tally = &counted};
	if (pinned)
		count.pinned_known = holdings_read(probing->arena, pinned, &count.pinned);
	pool_put_held(probing, &count);
	pool_put_locals(probing, &count);
	pool_put_shown(probing, seen);
}

void pool_facts_put_unreadable(struct probing *probing,
		int error,
		const char *path,
		const char *note)
{
	static const char *const keys[] = {"ports.in_use",
			"ports.in_use4",
			"ports.in_use6",
			"ports.in_use6_for4",
			"pools.total"};
	enum fact_status status = put_status_of(error);
	for (size_t i = 0; i < COUNT_OF(keys); i++) {
		const char *key = keys[i];
		put_missing(probing, key, status, UNIT_COUNT, path, note);
	}
	put_lists(probing, "pool.", LIST_SKIPPED, error);
	put_lists(probing, "local.", LIST_SKIPPED, error);
}

static int pool_compare_targets(const void *a, const void *b)
{
	const struct pool_target *left = a, *right = b;
	const size_t size = sizeof left->address;
	return memcmp(&left->address, &right->address, size);
}

/* The targets are sorted: plans may name thousands. */
static bool pool_is_wanted(const struct pool *pool, const struct pool_target *targets, size_t count)
{
	struct pool_target to = {.port = 0};
	size_t low = 0, high = count;
	pool_take_endpoint(&pool->to, &to.address);
	while (low < high) {
		size_t middle = (low + high) / 2;
		if (pool_compare_targets(&targets[middle], &to) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < count; low++) {
		unsigned port = targets[low].port;
		if (pool_compare_targets(&targets[low], &to) != 0)
			return false;
		if (port == 0 || port == pool->to.port)
			return true;
	}
	return false;
}

static int pool_compare_ends(const void *a, const void *b)
{
	const struct pool_target *left = a, *right = b;
	int order = pool_compare_targets(left, right);
	if (order != 0)
		return order;
	return (int)left->port - (int)right->port;
}

/* How many of the sorted targets are this one. */
static size_t pool_count_same(const struct pool_target *sorted,
		size_t count,
		const struct pool_target *target)
{
	size_t low = 0, high = count;
	while (low < high) {
		size_t middle = (low + high) / 2;
		if (pool_compare_ends(&sorted[middle], target) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	size_t end = low;
	while (end < count && pool_compare_ends(&sorted[end], target) == 0)
		end++;
	return end - low;
}

/* Says of each destination asked for how many pools there are towards it. Where all pools are facts
 * nobody needs to be told. */
static void pool_put_counted(struct facts *facts,
		const struct seen_pools *seen,
		const struct pool_target *targets,
		size_t count,
		struct pool_target *used,
		size_t used_count)
{
	size_t first;
	double listed = (double)facts_instances(facts, "pool.ports", &first);
	if (seen->total <= listed)
		return;
	if (used_count > 0)
		qsort(used, used_count, sizeof *used, pool_compare_ends);
	for (size_t i = 0; i < count; i++) {
		const struct pool_target *target = &targets[i];
		struct endpoint at = {.port = (uint16_t)target->port};
		const size_t size = sizeof at.address;
		if (target->port == 0)
			continue;
		at.family = target->address.family;
		memcpy(at.address, target->address.bytes, size);
		const char *instance = endpoint_text(facts->arena, &at);
		double pools = (double)pool_count_same(used, used_count, target);
		pool_fact_count(facts, seen->read_at, "pool.counted", instance, pools);
	}
}

size_t pool_facts_put_towards(struct facts *facts,
		const struct seen_pools *seen,
		const struct pool_target *targets,
		size_t count,
		struct pool_target **ret_used)
{
	const struct pools *pools = seen->pools;
	struct arena *arena = facts->arena;
	size_t room = count + 1;
	struct pool_target *sorted = arena_alloc(arena, room * sizeof *sorted);
	struct pool_target *used = NULL;
	size_t used_count = 0, capacity = 0;
	if (count > 0)
		memcpy(sorted, targets, count * sizeof *sorted);
	qsort(sorted, count, sizeof *sorted, pool_compare_targets);
	for (size_t i = 0; i < pools->size; i++) {
		const struct pool *pool = &pools->table[i];
		if (pool->sockets == 0)
			continue;
		if (!pool_is_wanted(pool, sorted, count))
			continue;
		pool_put(facts, seen->read_at, pool);
		used = arena_grow(arena, used, used_count, &capacity, sizeof *used);
		struct pool_target *target = &used[used_count++];
		target->port = pool->to.port;
		pool_take_endpoint(&pool->to, &target->address);
	}
	pool_put_totals(facts, seen);
	pool_put_counted(facts, seen, targets, count, used, used_count);
	*ret_used = used;
	return used_count;
}
