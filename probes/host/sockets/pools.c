/* Counting sockets by pool: one more hash lookup for each connected socket. */
#include "probes/host/sockets/pools.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum {
	POOLS_FIRST = 1024
};

/* Multiplying by 2^64 divided by the golden ratio spreads neighboring addresses (Knuth, The Art of
 * Computer Programming, volume 3, 6.4). */
#define POOLS_GOLDEN_RATIO UINT64_C(0x9E3779B97F4A7C15)

static uint64_t pools_mix(uint64_t mixed, const struct endpoint *endpoint)
{
	uint64_t words[2];
	memcpy(words, endpoint->address, sizeof words);
	mixed = (mixed ^ words[0]) * POOLS_GOLDEN_RATIO;
	mixed ^= mixed >> 32;
	mixed = (mixed ^ words[1] ^ endpoint->port) * POOLS_GOLDEN_RATIO;
	return mixed ^ mixed >> 32;
}

static bool pools_is(const struct pool *pool,
		const struct endpoint *from,
		const struct endpoint *to)
{
	return endpoint_is_same(&pool->to, to) && endpoint_is_same(&pool->from, from);
}

/* The slot of a pool, or the free one where it belongs. `size` is a power of two, and some slot is
 * free. */
static struct pool *pools_slot(struct pool *table,
		size_t size,
		const struct endpoint *from,
		const struct endpoint *to)
{
	size_t mask = size - 1;
	size_t i = pools_mix(pools_mix(0, from), to) & mask;
	while (table[i].sockets > 0 && !pools_is(&table[i], from, to))
		i = (i + 1) & mask;
	return &table[i];
}

static void pools_grow(struct arena *arena, struct pools *pools)
{
	size_t size = POOLS_FIRST;
	if (pools->size > 0)
		size = pools->size * 2;
	struct pool *grown = arena_alloc(arena, size * sizeof *grown);
	for (size_t i = 0; i < pools->size; i++) {
		const struct pool *pool = &pools->table[i];
		if (pool->sockets > 0)
			*pools_slot(grown, size, &pool->from, &pool->to) = *pool;
	}
	pools->table = grown;
	pools->size = size;
}

/* The slot of a pool, which is new if its sockets are 0. NULL: the table is full. */
static struct pool *pools_place(struct arena *arena,
		struct pools *pools,
		const struct endpoint *from,
		const struct endpoint *to)
{
	if ((pools->count + 1) * 2 > pools->size)
		pools_grow(arena, pools);
	struct pool *slot = pools_slot(pools->table, pools->size, from, to);
	if (slot->sockets > 0)
		return slot;
	if (pools->count == POOLS_MAX) {
		pools->more = true;
		return NULL;
	}
	slot->from = *from;
	slot->to = *to;
	pools->count++;
	return slot;
}

struct local *pools_local(struct arena *arena, struct pools *pools, const struct endpoint *at)
{
	if (pools->local_count > 0) {
		struct local *last = &pools->locals[pools->local_last];
		if (endpoint_is_same(&last->at, at))
			return last;
	}
	for (size_t i = 0; i < pools->local_count; i++) {
		if (!endpoint_is_same(&pools->locals[i].at, at))
			continue;
		pools->local_last = i;
		return &pools->locals[i];
	}
	if (pools->local_count == LOCALS_MAX) {
		pools->more_locals = true;
		return NULL;
	}
	pools->locals = arena_grow(arena,
			pools->locals,
			pools->local_count,
			&pools->local_capacity,
			sizeof *pools->locals);
	pools->local_last = pools->local_count++;
	struct local *local = &pools->locals[pools->local_last];
	memset(local, 0, sizeof *local);
	local->at = *at;
	return local;
}

void pools_add(struct arena *arena, struct pools *pools, const struct pool_socket *socket)
{
	struct endpoint from = *socket->local;
	unsigned port = from.port;
	from.port = 0;
	struct local *local = pools_local(arena, pools, &from);
	if (local)
		local->held.bits[port >> 6] |= UINT64_C(1) << (port & 63);
	struct pool *pool = pools_place(arena, pools, &from, socket->remote);
	if (!pool)
		return;
	pool->sockets++;
	pool->established += socket->established;
	pool->time_wait += socket->time_wait;
	if (!socket->is_free)
		return;
	if (socket->reusable)
		pool->reusable++;
	else
		pool->ports++;
}

void pools_set(struct arena *arena, struct pools *pools, const struct pool *pool)
{
	assert(pool->sockets > 0);
	struct pool *slot = pools_place(arena, pools, &pool->from, &pool->to);
	if (slot)
		*slot = *pool;
}

void pools_add_route(struct arena *arena, struct pools *pools, const struct pool_route *route)
{
	pools->routes = arena_grow(arena,
			pools->routes,
			pools->route_count,
			&pools->route_capacity,
			sizeof *pools->routes);
	pools->routes[pools->route_count++] = *route;
}

static int pools_order(const struct pool *left, const struct pool *right)
{
	if (left->sockets < right->sockets)
		return 1;
	if (left->sockets > right->sockets)
		return -1;
	int order = memcmp(&left->to, &right->to, sizeof left->to);
	if (order != 0)
		return order;
	return memcmp(&left->from, &right->from, sizeof left->from);
}

static int pools_compare(const void *a, const void *b)
{
	const struct pool *const *left = a, *const *right = b;
	return pools_order(*left, *right);
}

size_t pools_sorted(struct arena *arena, const struct pools *pools, const struct pool ***ret_all)
{
	size_t count = 0;
	const struct pool **all = arena_alloc(arena, (pools->count + 1) * sizeof *all);
	for (size_t i = 0; i < pools->size; i++) {
		if (pools->table[i].sockets > 0)
			all[count++] = &pools->table[i];
	}
	if (count > 0)
		qsort(all, count, sizeof *all, pools_compare);
	*ret_all = all;
	return count;
}
