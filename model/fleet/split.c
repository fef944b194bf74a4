/* Who is at which end, what part of it each host has, and the plan that follows. */
#include "model/fleet/split.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "model/fleet/apportion.h"
#include "model/fleet/counts.h"
#include "model/fleet/view.h"
#include "model/fleet/words.h"

enum {
	ENDS = 3 /* clients, proxies, servers */
};

/* One end of the connections: its hosts carry the whole plan together. */
struct end {
	struct loads view;
	struct taker *takers;
	size_t *hosts; /* which one each taker is */
	size_t count;
	struct counts counts;
};

struct fleet_split {
	const struct loads *plan;
	const struct fleet *fleet;
	struct end ends[ENDS];
	size_t *places[ENDS]; /* of a host among the takers of an end; SIZE_MAX: it is not there */
	struct fleet_share *shares;
	size_t kinds;
	bool one_machine; /* client and server are beside each other on every host */
};

static bool role_is_at(enum fleet_role role, enum fleet_role end)
{
	if (role == FLEET_BOTH)
		return end != FLEET_PROXY;
	if (role == FLEET_UNSAID)
		return end == FLEET_CLIENT;
	return role == end;
}

static bool resolve_roles(struct fleet_split *split, struct error *err)
{
	const struct fleet *fleet = split->fleet;
	enum fleet_role own = fleet_plan_role(split->plan);
	size_t unsaid = fleet->count, said = 0;
	for (size_t i = 0; i < fleet->count; i++) {
		enum fleet_role role = fleet->hosts[i].role;
		if (role == FLEET_UNSAID && unsaid == fleet->count)
			unsaid = i;
		if (role == FLEET_UNSAID)
			role = own;
		else
			said++;
		split->shares[i].role = role;
	}
	if (own != FLEET_UNSAID || said == 0 || unsaid == fleet->count)
		return true;
	return error_set(err,
			"host %.60s has no role, and the loads of the plan have several: give it one "
			"(client, proxy, server or both)",
			fleet->hosts[unsaid].name);
}

static size_t hosts_of(const struct fleet_split *split, enum fleet_role role)
{
	size_t count = 0;
	for (size_t i = 0; i < split->fleet->count; i++)
		count += split->shares[i].role == role;
	return count;
}

static void gather_takers(struct arena *arena, struct fleet_split *split, enum fleet_role role)
{
	struct end *end = &split->ends[role];
	size_t most = split->fleet->count;
	end->takers = arena_alloc(arena, (most + 1) * sizeof *end->takers);
	end->hosts = arena_alloc(arena, (most + 1) * sizeof *end->hosts);
	split->places[role] = arena_alloc(arena, (most + 1) * sizeof **split->places);
	for (size_t i = 0; i < most; i++) {
		const struct fleet_host *host = &split->fleet->hosts[i];
		split->places[role][i] = SIZE_MAX;
		if (!role_is_at(split->shares[i].role, role))
			continue;
		if (split->one_machine && role == FLEET_SERVER)
			continue;
		split->places[role][i] = end->count;
		end->hosts[end->count] = i;
		end->takers[end->count++] = (struct taker){.weight = fmax(host->weight, 0),
				.capacity = host->capacity};
	}
}

/* A capacity in whole connections, so that rounding does not go above it. */
static void whole_capacities(struct end *end)
{
	const struct workload_value *live = &end->view.items[0].values[W_CONNECTIONS];
	if (!live->set || !(live->number > 0))
		return;
	for (size_t i = 0; i < end->count; i++) {
		double *capacity = &end->takers[i].capacity;
		double whole = floor(*capacity * live->number + 1e-6);
		*capacity = whole / live->number;
	}
}

static bool apportion_all(struct arena *arena,
		const struct fleet *fleet,
		struct taker *takers,
		size_t count,
		double whole)
{
	if (fleet->way == FLEET_BY_CAPACITY)
		return apportion_by_capacity(arena, takers, count, whole);
	return apportion_by_weight(takers, count, whole);
}

static const struct workload_group *group_named(const struct workload *grouped, const char *name)
{
	for (size_t i = 0; name && i < grouped->group_count; i++)
		if (strcmp(grouped->groups[i].name, name) == 0)
			return &grouped->groups[i];
	return NULL;
}

static const struct fleet_host *taker_host(const struct fleet_split *split,
		const struct end *end,
		size_t taker)
{
	size_t host = end->hosts[taker];
	return &split->fleet->hosts[host];
}

static bool any_grouped(const struct fleet_split *split,
		const struct end *end,
		const struct workload *grouped)
{
	for (size_t i = 0; i < end->count; i++)
		if (group_named(grouped, taker_host(split, end, i)->group))
			return true;
	return false;
}

static bool check_grouped(const struct fleet_split *split,
		const struct end *end,
		const struct workload *grouped,
		struct error *err)
{
	for (size_t i = 0; i < end->count; i++) {
		const char *name = taker_host(split, end, i)->name;
		const char *group = taker_host(split, end, i)->group;
		if (group_named(grouped, group))
			continue;
		if (!group)
			return error_set(err,
					"host %.60s is in no group, and the plan is divided into groups: give it "
					"group=%.60s or another of them",
					name,
					grouped->groups[0].name);
		return error_set(err,
				"host %.60s is in group %.60s, which the plan does not have",
				name,
				group);
	}
	return true;
}

static bool check_unserved(const struct workload_group *group, struct error *err)
{
	if (!(group->share > 0))
		return true;
	return error_set(err,
			"the plan gives %g%% to group %.60s, and no host of it has a weight above 0",
			group->share * 100,
			group->name);
}

static bool taker_in_group(const struct fleet_split *split,
		const struct end *end,
		size_t taker,
		const struct workload_group *group)
{
	return strcmp(taker_host(split, end, taker)->group, group->name) == 0;
}

static bool apportion_group(struct arena *arena,
		struct fleet_split *split,
		struct end *end,
		const struct workload_group *group,
		struct error *err)
{
	struct taker *some = arena_alloc(arena, (end->count + 1) * sizeof *some);
	size_t count = 0, next = 0;
	for (size_t i = 0; i < end->count; i++)
		if (taker_in_group(split, end, i, group))
			some[count++] = end->takers[i];
	if (!apportion_all(arena, split->fleet, some, count, group->share))
		return check_unserved(group, err);
	for (size_t i = 0; i < end->count; i++)
		if (taker_in_group(split, end, i, group))
			end->takers[i].part = some[next++].part;
	return true;
}

/* The hosts of a group have its part of the plan, and no other. */
static bool apportion_groups(struct arena *arena,
		struct fleet_split *split,
		struct end *end,
		const struct workload *grouped,
		struct error *err)
{
	if (!check_grouped(split, end, grouped, err))
		return false;
	for (size_t i = 0; i < grouped->group_count; i++)
		if (!apportion_group(arena, split, end, &grouped->groups[i], err))
			return false;
	for (size_t i = 0; i < end->view.count; i++) {
		end->view.items[i].group_count = 0;
		end->view.items[i].values[W_GROUPS].set = false;
	}
	return true;
}

static bool apportion_end(struct arena *arena,
		struct fleet_split *split,
		enum fleet_role role,
		struct error *err)
{
	struct end *end = &split->ends[role];
	const struct workload *grouped = loads_grouped(&end->view);
	whole_capacities(end);
	if (grouped && any_grouped(split, end, grouped))
		return apportion_groups(arena, split, end, grouped, err);
	if (apportion_all(arena, split->fleet, end->takers, end->count, 1))
		return true;
	return error_set(err,
			"every %s has weight 0, so no host carries the plan",
			fleet_role_name(role));
}

static enum fleet_role view_role(const struct fleet_split *split, enum fleet_role end)
{
	if (split->one_machine)
		return FLEET_BOTH;
	if (split->shares[0].role == FLEET_UNSAID)
		return FLEET_UNSAID;
	return end;
}

/* Of the connections of the plan's command. */
static double multiple_of(const struct fleet_split *split,
		const struct end *end,
		enum fleet_role role)
{
	const struct name_list *command = split->fleet->command;
	const struct workload *last = &end->view.items[end->view.count - 1];
	const struct workload_value *live = &last->values[W_CONNECTIONS];
	if (!command || role != FLEET_CLIENT || !live->set)
		return 1;
	return words_multiple(command, live->number, end->count);
}

static bool build_end(struct arena *arena,
		struct fleet_split *split,
		enum fleet_role role,
		struct error *err)
{
	struct end *end = &split->ends[role];
	const struct fleet_way_through way = {
			.proxies = hosts_of(split, FLEET_PROXY),
			.servers = hosts_of(split, FLEET_SERVER) + hosts_of(split, FLEET_BOTH),
	};
	gather_takers(arena, split, role);
	if (end->count == 0)
		return true;
	if (!fleet_view(arena, split->plan, view_role(split, role), &way, &end->view, err))
		return false;
	if (!counts_prepare(arena, &end->view, err))
		return false;
	if (!apportion_end(arena, split, role, err))
		return false;
	double multiple = multiple_of(split, end, role);
	end->counts = counts_apportion(arena, &end->view, end->takers, end->count, multiple);
	return true;
}

/* Hosts that get the same plan so far. */
struct kinds {
	size_t *of, count;
};

struct keyed {
	const struct fleet_share *share;
	double parts[ENDS];
	size_t host;
};

static int by_key(const void *a, const void *b)
{
	const struct keyed *left = a;
	const struct keyed *right = b;
	if (left->share->role < right->share->role)
		return -1;
	if (left->share->role > right->share->role)
		return 1;
	for (size_t i = 0; i < ENDS; i++) {
		double one = left->parts[i];
		double other = right->parts[i];
		if (one < other)
			return -1;
		if (one > other)
			return 1;
	}
	return 0;
}

static void part_of_host(struct fleet_split *split, size_t host, double parts[ENDS])
{
	struct fleet_share *share = &split->shares[host];
	for (size_t e = 0; e < ENDS; e++) {
		size_t place = split->places[e][host];
		parts[e] = 0;
		if (place != SIZE_MAX)
			parts[e] = split->ends[e].takers[place].part;
		share->part = fmax(share->part, parts[e]);
	}
}

static void first_kinds(struct arena *arena, struct fleet_split *split, struct kinds *kinds)
{
	size_t count = split->fleet->count;
	struct keyed *keys = arena_alloc(arena, (count + 1) * sizeof *keys);
	for (size_t i = 0; i < count; i++) {
		keys[i].share = &split->shares[i];
		keys[i].host = i;
		part_of_host(split, i, keys[i].parts);
	}
	qsort(keys, count, sizeof *keys, by_key);
	for (size_t i = 0; i < count; i++) {
		size_t host = keys[i].host;
		if (i == 0 || by_key(&keys[i - 1], &keys[i]) != 0)
			kinds->count++;
		kinds->of[host] = kinds->count - 1;
	}
}

/* Some of a kind get one more of a number than the others: they become a kind of their own. */
static void divide_kinds(struct arena *arena,
		struct kinds *kinds,
		const struct end *end,
		const struct apportioned *number)
{
	size_t before = kinds->count;
	bool *fewer = arena_alloc(arena, before + 1);
	size_t *becomes = arena_alloc(arena, (before + 1) * sizeof *becomes);
	if (!number->more)
		return;
	for (size_t i = 0; i < end->count; i++) {
		size_t kind = kinds->of[end->hosts[i]];
		becomes[kind] = kind;
		if (!number->more[i])
			fewer[kind] = true;
	}
	for (size_t i = 0; i < end->count; i++) {
		size_t *kind = &kinds->of[end->hosts[i]];
		if (!number->more[i])
			continue;
		if (fewer[*kind] && becomes[*kind] == *kind)
			becomes[*kind] = kinds->count++;
		*kind = becomes[*kind];
	}
}

static void find_kinds(struct arena *arena, struct fleet_split *split)
{
	struct kinds kinds = {0};
	kinds.of = arena_alloc(arena, (split->fleet->count + 1) * sizeof *kinds.of);
	first_kinds(arena, split, &kinds);
	for (size_t e = 0; e < ENDS; e++) {
		const struct end *end = &split->ends[e];
		for (size_t i = 0; i < end->counts.count; i++)
			divide_kinds(arena, &kinds, end, &end->counts.items[i]);
	}
	split->kinds = kinds.count;
	for (size_t i = 0; i < split->fleet->count; i++)
		split->shares[i].kind = kinds.of[i];
}

static void find_nothing(struct arena *arena, struct fleet_split *split)
{
	bool *known = arena_alloc(arena, split->kinds + 1);
	bool *nothing = arena_alloc(arena, split->kinds + 1);
	for (size_t i = 0; i < split->fleet->count; i++) {
		size_t kind = split->shares[i].kind;
		if (!known[kind]) {
			const struct loads plan = fleet_plan_of(arena, split, i);
			nothing[kind] = counts_are_nothing(&plan);
		}
		known[kind] = true;
		split->shares[i].nothing = nothing[kind];
	}
}

static bool is_one_machine(const struct fleet_split *split)
{
	if (hosts_of(split, FLEET_CLIENT) > 0)
		return false;
	if (hosts_of(split, FLEET_SERVER) > 0)
		return false;
	return hosts_of(split, FLEET_BOTH) > 0;
}

static bool check_room_for_loads(const struct fleet_split *split, struct error *err)
{
	bool twice = hosts_of(split, FLEET_BOTH) > 0 && !split->one_machine;
	if (!twice || split->plan->count * 2 <= LOADS_MAX)
		return true;
	return error_set(err,
			"a host that is client and server beside others has two loads for each of the plan, "
			"and "
			"%zu are too many: at most %d",
			split->plan->count,
			LOADS_MAX / 2);
}

bool fleet_split(struct arena *arena,
		const struct loads *plan,
		const struct fleet *fleet,
		struct fleet_split **ret_split,
		struct error *err)
{
	struct fleet_split *split = arena_alloc(arena, sizeof *split);
	split->plan = plan;
	split->fleet = fleet;
	split->shares = arena_alloc(arena, (fleet->count + 1) * sizeof *split->shares);
	*ret_split = split;
	if (fleet->count == 0)
		return error_set(err, "no host carries the plan");
	if (!resolve_roles(split, err))
		return false;
	split->one_machine = is_one_machine(split);
	if (!check_room_for_loads(split, err))
		return false;
	for (size_t i = 0; i < ENDS; i++)
		if (!build_end(arena, split, (enum fleet_role)i, err))
			return false;
	find_kinds(arena, split);
	find_nothing(arena, split);
	return true;
}

const struct fleet_share *fleet_shares(const struct fleet_split *split)
{
	return split->shares;
}

size_t fleet_kinds(const struct fleet_split *split)
{
	return split->kinds;
}

static void join_loads(struct arena *arena, struct loads *all, const struct loads *more)
{
	size_t count = all->count + more->count;
	struct workload *items = arena_alloc(arena, count * sizeof *items);
	if (all->count > 0)
		memcpy(items, all->items, all->count * sizeof *items);
	memcpy(items + all->count, more->items, more->count * sizeof *items);
	all->items = items;
	all->count = count;
}

struct loads fleet_plan_of(struct arena *arena, const struct fleet_split *split, size_t host)
{
	struct loads all = {.name = split->plan->name};
	for (size_t e = 0; e < ENDS; e++) {
		const struct end *end = &split->ends[e];
		size_t place = split->places[e][host];
		if (place == SIZE_MAX)
			continue;
		const struct loads part = counts_of(arena, &end->view, &end->counts, end->takers, place);
		join_loads(arena, &all, &part);
	}
	return all;
}

struct fleet_client_end fleet_client_end_of(const struct fleet_split *split)
{
	const struct end *end = &split->ends[FLEET_CLIENT];
	const struct workload *grouped = NULL;
	if (end->count > 0)
		grouped = loads_grouped(split->plan);
	return (struct fleet_client_end){
			.view = &end->view,
			.takers = end->takers,
			.hosts = end->hosts,
			.count = end->count,
			.by_weight = split->fleet->way == FLEET_BY_WEIGHT && !grouped,
	};
}

size_t fleet_client_taker(const struct fleet_split *split, size_t host)
{
	return split->places[FLEET_CLIENT][host];
}
