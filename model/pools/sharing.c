/* Destinations meet where an address and a port are the same. */
#include "model/pools/sharing.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model/pools/addresses.h"

/* One address of one destination. */
struct meeting {
	struct address address;
	unsigned port;
	struct pool_sharing *of;
};

struct meetings {
	struct meeting *items;
	size_t count, capacity;
};

/* Destinations whose address is not known, for each port. Port 0 is that of destinations that name
 * none: it may be any. Half a megabyte, so only where there is one. */
struct strangers {
	uint32_t names[UINT16_MAX + 1];
	uint32_t largest[UINT16_MAX + 1]; /* the most others that are one pool */
	uint32_t all, largest_of_all;
};

static int compare_meetings(const void *a, const void *b)
{
	const struct meeting *left = a, *right = b;
	int port = (int)left->port - (int)right->port;
	if (port != 0)
		return port;
	return memcmp(&left->address, &right->address, sizeof left->address);
}

static void add_meeting(const struct pool_view *view,
		struct meetings *meetings,
		const struct meeting *meeting)
{
	meetings->items = arena_grow(view->arena,
			meetings->items,
			meetings->count,
			&meetings->capacity,
			sizeof *meetings->items);
	meetings->items[meetings->count++] = *meeting;
}

static void add_stranger(const struct pool_view *view,
		unsigned port,
		unsigned weight,
		struct strangers **strangers)
{
	if (!*strangers)
		*strangers = arena_alloc(view->arena, sizeof **strangers);
	(*strangers)->names[port] += weight;
	(*strangers)->all += weight;
}

/* Port 0: none is named. false: the address is not known. */
static bool addresses_of(const struct pool_view *view,
		const struct pool_sharing *one,
		unsigned *ret_port,
		struct address_list *ret_list)
{
	struct host_port to;
	*ret_port = 0;
	if (!host_port_split(one->destination, &to))
		return false;
	*ret_port = to.port;
	return pool_addresses(view, &to, ret_list);
}

static void find_meetings(const struct pool_view *view,
		struct pool_sharing *one,
		struct meetings *meetings,
		struct strangers **strangers)
{
	unsigned port;
	struct address_list list;
	if (!addresses_of(view, one, &port, &list)) {
		add_stranger(view, port, one->weight, strangers);
		return;
	}
	for (size_t i = 0; i < list.count; i++) {
		struct meeting meeting = {list.items[i], port, one};
		add_meeting(view, meetings, &meeting);
	}
}

static void take_group(const struct meeting *group, size_t count, struct strangers *strangers)
{
	uint32_t names = 0;
	for (size_t i = 0; i < count; i++)
		names += group[i].of->weight;
	for (size_t i = 0; i < count; i++) {
		struct bounds *met = &group[i].of->names;
		met->best = fmax(met->best, names);
		met->worst = met->best;
	}
	if (!strangers)
		return;
	if (names > strangers->largest[group->port])
		strangers->largest[group->port] = names;
	if (names > strangers->largest_of_all)
		strangers->largest_of_all = names;
}

static void count_meetings(struct meetings *meetings, struct strangers *strangers)
{
	const struct meeting *items = meetings->items;
	size_t count = meetings->count, group;
	if (count > 0)
		qsort(meetings->items, count, sizeof *items, compare_meetings);
	for (size_t i = 0; i < count; i += group) {
		group = 1;
		while (i + group < count && compare_meetings(&items[i], &items[i + group]) == 0)
			group++;
		take_group(&items[i], group, strangers);
	}
}

static double strangers_at(const struct strangers *strangers, unsigned port)
{
	if (port == 0)
		return strangers->all;
	return (double)strangers->names[port] + strangers->names[0];
}

static double largest_at(const struct strangers *strangers, unsigned port)
{
	if (port == 0)
		return strangers->largest_of_all;
	return fmax(strangers->largest[port], strangers->largest[0]);
}

/* A name whose address is not known may be the same as each of the others. */
static void add_strangers(const struct pool_view *view,
		struct pool_sharing *one,
		const struct strangers *strangers)
{
	unsigned port;
	struct address_list list;
	bool known = addresses_of(view, one, &port, &list);
	double others = strangers_at(strangers, port);
	if (known)
		one->names.worst += others;
	else
		one->names.worst = others + largest_at(strangers, port);
}

void pool_count_sharing(const struct pool_view *view, struct pool_sharing *all, size_t count)
{
	struct meetings meetings = {.count = 0};
	struct strangers *strangers = NULL;
	double weight = 0;
	for (size_t i = 0; i < count; i++) {
		all[i].names = bounds_of(all[i].weight, all[i].weight);
		weight += all[i].weight;
		find_meetings(view, &all[i], &meetings, &strangers);
	}
	count_meetings(&meetings, strangers);
	for (size_t i = 0; strangers && i < count; i++)
		add_strangers(view, &all[i], strangers);
	for (size_t i = 0; i < count; i++) {
		all[i].names.best *= (double)count / weight;
		all[i].names.worst *= (double)count / weight;
	}
}
