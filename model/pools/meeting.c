/* Destinations meet where an address and a port are the same, however they are written. */
#include "model/pools/meeting.h"

#include <stdlib.h>
#include <string.h>

#include "model/pools/addresses.h"

/* An address of a destination. */
struct address_key {
	struct address address;
	unsigned port;
	size_t of;
};

struct named {
	const char *name;
	unsigned port;            /* 0: none is named */
	struct address_list list; /* none: not known */
};

struct destinations {
	struct named *items;
	size_t count;
	struct address_key *keys; /* sorted */
	size_t key_count;
	bool has_stranger; /* one has no known address */
};

static int key_order(const struct address_key *left, const struct address_key *right)
{
	int port = (int)left->port - (int)right->port;
	if (port != 0)
		return port;
	return memcmp(&left->address, &right->address, sizeof left->address);
}

static int compare_keys(const void *a, const void *b)
{
	const struct address_key *left = a, *right = b;
	int order = key_order(left, right);
	if (order != 0)
		return order;
	return (left->of > right->of) - (left->of < right->of);
}

static const struct workload_value *destinations_field(const struct workload *workload)
{
	if (pool_plan_says(workload, W_ROLE, "proxy"))
		return &workload->values[W_UP_DESTINATIONS];
	return &workload->values[W_DESTINATIONS];
}

static void read_named(const struct pool_view *view, const char *name, struct named *ret_named)
{
	struct host_port to;
	*ret_named = (struct named){.name = name};
	if (!host_port_split(name, &to))
		return;
	ret_named->port = to.port;
	(void)pool_addresses(view, &to, &ret_named->list);
}

static void sort_keys(struct arena *arena, struct destinations *all)
{
	size_t most = 0;
	for (size_t i = 0; i < all->count; i++)
		most += all->items[i].list.count;
	all->keys = arena_alloc(arena, (most + 1) * sizeof *all->keys);
	for (size_t i = 0; i < all->count; i++) {
		const struct named *one = &all->items[i];
		all->has_stranger |= one->list.count == 0;
		for (size_t k = 0; k < one->list.count; k++) {
			struct address_key *key = &all->keys[all->key_count++];
			key->address = one->list.items[k];
			key->port = one->port;
			key->of = i;
		}
	}
	if (most > 0)
		qsort(all->keys, most, sizeof *all->keys, compare_keys);
}

struct destinations *destinations_of_load(struct arena *arena,
		const struct facts *facts,
		const struct workload *workload)
{
	struct facts own = *facts;
	const struct pool_view view = {.arena = arena, .facts = &own, .workload = workload};
	const struct workload_value *to = destinations_field(workload);
	struct destinations *all = arena_alloc(arena, sizeof *all);
	if (!to->list)
		return all;
	all->count = (size_t)to->number;
	all->items = arena_alloc(arena, all->count * sizeof *all->items);
	for (size_t i = 0; i < all->count; i++)
		read_named(&view, to->list[i], &all->items[i]);
	sort_keys(arena, all);
	return all;
}

size_t destinations_count(const struct destinations *destinations)
{
	return destinations->count;
}

const char *destinations_name(const struct destinations *destinations, size_t i)
{
	return destinations->items[i].name;
}

/* The first key that is not below this one. */
static size_t first_key(const struct destinations *all, const struct address_key *wanted)
{
	size_t low = 0, high = all->key_count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (key_order(&all->keys[middle], wanted) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static const char *meet_by_address(const struct destinations *all, const struct named *one)
{
	for (size_t i = 0; i < one->list.count; i++) {
		struct address_key wanted = {.port = one->port};
		wanted.address = one->list.items[i];
		size_t at = first_key(all, &wanted);
		if (at < all->key_count && key_order(&all->keys[at], &wanted) == 0)
			return all->items[all->keys[at].of].name;
	}
	return NULL;
}

static bool may_be_same_port(unsigned a, unsigned b)
{
	return a == b || a == 0 || b == 0;
}

/* One whose address is not known may be any. */
static const char *meet_a_stranger(const struct destinations *all, const struct named *one)
{
	bool unknown = one->list.count == 0;
	const char *found = NULL;
	for (size_t i = 0; i < all->count; i++) {
		const struct named *other = &all->items[i];
		bool may_meet = unknown || other->list.count == 0;
		if (!may_meet || !may_be_same_port(one->port, other->port))
			continue;
		if (!found)
			found = other->name;
		if (destination_same_name(other->name, one->name, strlen(one->name)))
			return other->name;
	}
	return found;
}

const char *destinations_meet(const struct destinations *all,
		const struct destinations *other,
		size_t i,
		bool *ret_sure)
{
	const struct named *one = &other->items[i];
	const char *found = meet_by_address(all, one);
	*ret_sure = true;
	if (found || (one->list.count > 0 && !all->has_stranger))
		return found;
	found = meet_a_stranger(all, one);
	*ret_sure = found && destination_same_name(found, one->name, strlen(one->name));
	return found;
}

bool destinations_overlap(const struct destinations *a, const struct destinations *b)
{
	size_t left = 0, right = 0;
	if (a->has_stranger || b->has_stranger)
		return true;
	while (left < a->key_count && right < b->key_count) {
		int order = key_order(&a->keys[left], &b->keys[right]);
		if (order == 0)
			return true;
		if (order < 0)
			left++;
		else
			right++;
	}
	return false;
}
