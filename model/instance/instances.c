/* Finds the instances of a limit's scope among the facts and in each load of the plan. */
#include "model/instance/instances.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "model/instance/joins.h"
#include "model/names.h"
#include "model/pools/pools.h"
#include "model/queues/listeners.h"

static struct name_list fact_instances(const struct situation *s, const char *key)
{
	struct name_list list = {0};
	size_t first, count = facts_instances(s->facts, key, &first);
	for (size_t i = 0; i < count; i++) {
		const struct fact *fact = s->facts->items[first + i];
		name_list_append(s->arena, &list, fact->instance);
	}
	return list;
}

/* NULL: the fact is not known. */
static const struct fact *known_fact(const struct facts *facts,
		const char *key,
		const char *instance)
{
	const struct fact *fact = facts_get(facts, key, instance);
	if (!fact || fact->status != FACT_KNOWN)
		return NULL;
	return fact;
}

/* Where nothing tells which of several listeners is the plan's, "" stands for all of them. */
static void listener_instances(const struct situation *s,
		const struct load *load,
		struct name_list *list)
{
	struct name_list found;
	if (listeners_of_plan(s->arena, load->facts, load->workload, &found) == LISTENERS_KNOWN)
		*list = found;
}

static const char *const beam_keys[] = {
		"beam.port_limit",
		"beam.process_limit",
		"beam.nofile.soft",
		"beam.fds_open",
};

/* Every node has facts of all these keys: one whole list has them all. */
static bool beams_are_complete(const struct situation *s)
{
	for (size_t k = 0; k < COUNT_OF(beam_keys); k++)
		if (facts_list_state(s->facts, beam_keys[k]) == LIST_COMPLETE)
			return true;
	return false;
}

/* Has it a fact of one of the keys before this one? Looked up: a list of thousands would be walked
 * thousands of times. */
static bool has_earlier_fact(const struct situation *s, size_t key, const char *instance)
{
	for (size_t k = 0; k < key; k++)
		if (facts_get(s->facts, beam_keys[k], instance))
			return true;
	return false;
}

/* The running Erlang nodes; only the one audited (--pid) if it is one of them. */
static void beam_instances(const struct situation *s, struct name_list *list)
{
	char pid[NUMBER_TEXT_MAX];
	(void)text_plain_number(pid, facts_number(s->facts, "vantage.pid"));
	for (size_t k = 0; k < COUNT_OF(beam_keys); k++) {
		const struct name_list all = fact_instances(s, beam_keys[k]);
		for (size_t i = 0; i < all.count; i++)
			if (!has_earlier_fact(s, k, all.items[i]))
				name_list_append(s->arena, list, all.items[i]);
	}
	if (name_list_has(list, pid)) {
		list->items[0] = arena_strdup(s->arena, pid);
		list->count = 1;
		return;
	}
	if (!beams_are_complete(s))
		name_list_append(s->arena, list, INSTANCE_UNLISTED);
}

/* A destination of the plan, and how many ports sockets take from it at worst. */
struct wanted {
	const char *name;
	double taken;
	size_t at; /* its place in the plan */
};

static int by_taken(const void *a, const void *b)
{
	const struct wanted *left = a, *right = b;
	if (left->taken < right->taken)
		return 1;
	if (left->taken > right->taken)
		return -1;
	return (left->at > right->at) - (left->at < right->at);
}

static int by_plan(const void *a, const void *b)
{
	const struct wanted *left = a, *right = b;
	return (left->at > right->at) - (left->at < right->at);
}

static double ports_taken(const struct facts *facts, const char *destination)
{
	static const char *const keys[] = {"destination.in_use_worst", "destination.blocked_worst"};
	double taken = 0;
	for (size_t i = 0; i < COUNT_OF(keys); i++) {
		const struct fact *fact = known_fact(facts, keys[i], destination);
		if (!fact)
			return -1; /* not among those with the fewest ports left */
		taken += fact->number;
	}
	return taken;
}

/* All have the same share of the plan, so that of very many destinations those with the fewest
 * ports left are enough. */
static void destination_instances(const struct situation *s,
		const struct load *load,
		struct name_list *list)
{
	const struct workload_value *values = load->workload->values;
	const struct workload_value *to = &values[W_DESTINATIONS];
	if (!strcmp(values[W_ROLE].text, "proxy"))
		to = &values[W_UP_DESTINATIONS];
	if (!to->list)
		return;
	size_t count = (size_t)to->number;
	struct wanted *wanted = arena_alloc(s->arena, (count + 1) * sizeof *wanted);
	for (size_t i = 0; i < count; i++) {
		double taken = 0;
		if (count > POOLS_JUDGED)
			taken = ports_taken(load->facts, to->list[i]);
		wanted[i] = (struct wanted){to->list[i], taken, i};
	}
	if (count > POOLS_JUDGED) {
		qsort(wanted, count, sizeof *wanted, by_taken);
		count = POOLS_JUDGED;
		qsort(wanted, count, sizeof *wanted, by_plan);
	}
	for (size_t i = 0; i < count; i++)
		name_list_add_once(s->arena, list, wanted[i].name);
}

/* What the limit is judged for where this load is alone. */
static struct name_list names_for_load(const struct situation *s,
		const struct limit_rule *rule,
		const struct load *load)
{
	const char *runtime = load->workload->values[W_RUNTIME].text;
	bool erlang = !strcmp(runtime, "erlang");
	struct name_list list = {0};
	switch (rule->scope) {
	case SCOPE_LISTENER:
		listener_instances(s, load, &list);
		break;
	case SCOPE_DESTINATION:
		destination_instances(s, load, &list);
		break;
	case SCOPE_BEAM:
		beam_instances(s, &list);
		break;
	case SCOPE_PROCESS:
		if (erlang)
			beam_instances(s, &list);
		break;
	case SCOPE_NAMESPACE:
	case SCOPE_HOST:
	case SCOPE_SHARED:
		break;
	}
	if (!list.count)
		name_list_add_once(s->arena, &list, "");
	return list;
}

/* Instances as they are found. */
struct finder {
	struct arena *arena;
	struct joins *joins;
	bool alone; /* one load: each name is an instance of its own */
	struct instances found;
	size_t capacity;
};

static bool same_members(const struct instance *a, const struct instance *b)
{
	if (a->member_count != b->member_count)
		return false;
	for (size_t i = 0; i < a->member_count; i++) {
		const struct member *one = joins_member(b, a->members[i].load);
		if (!one || strcmp(one->name, a->members[i].name) != 0)
			return false;
	}
	return true;
}

/* The same loads, led by another one of the same kind, need not be judged twice; NULL: they are
 * not among those found. */
static struct instance *find_same(const struct finder *finder, const struct instance *instance)
{
	for (size_t i = 0; i < finder->found.count; i++) {
		struct instance *before = &finder->found.items[i];
		const struct load *a = before->members[0].load, *b = instance->members[0].load;
		if (joins_are_of_one_kind(a, b) && same_members(before, instance))
			return before;
	}
	return NULL;
}

/* One that has a name says more than one that may be any. */
static void take_instance(struct finder *finder, const struct instance *instance)
{
	struct instances *found = &finder->found;
	struct instance *before = finder->alone ? NULL : find_same(finder, instance);
	if (before && *before->members[0].name == '\0')
		*before = *instance;
	if (before)
		return;
	found->items = arena_grow(finder->arena,
			found->items,
			found->count,
			&finder->capacity,
			sizeof *found->items);
	found->items[found->count++] = *instance;
}

/* All of the load's own, and who shares each of them. */
static void find_instances(struct finder *finder,
		const struct load *load,
		const struct name_list *names)
{
	for (size_t i = 0; i < names->count; i++) {
		struct instance instance;
		joins_make(finder->joins, load, names->items[i], &instance);
		take_instance(finder, &instance);
	}
}

/* Does the limit concern this load at all? At its own end: it may be over before others are. */
static bool concerns_load(const struct situation *s,
		const struct limit_rule *rule,
		const struct load *load)
{
	struct names *names = names_of_load(s, load, rule, "", MISSING_WORST);
	if (isfinite(load->end_s))
		names_move(names, 1, moment_at(load->end_s));
	return names_may_hold(names, rule->applies);
}

/* Returns how many of ret_loads there are, at least one. */
static size_t find_loads(const struct situation *s,
		const struct limit_rule *rule,
		const struct load **ret_loads)
{
	size_t count = 0;
	bool only = s->load_count == 1;
	for (size_t i = 0; i < s->load_count; i++) {
		const struct load *load = &s->loads[i];
		if (only || concerns_load(s, rule, load))
			ret_loads[count++] = load;
	}
	if (count == 0)
		ret_loads[count++] = &s->loads[0];
	return count;
}

struct instances limit_instances(const struct situation *s, const struct limit_rule *rule)
{
	size_t most = s->load_count;
	struct finder finder = {.arena = s->arena};
	struct name_list *names = arena_alloc(s->arena, most * sizeof *names);
	const struct load **loads = arena_alloc(s->arena, most * sizeof(const struct load *));
	size_t count = find_loads(s, rule, loads);
	for (size_t i = 0; i < count; i++)
		names[i] = names_for_load(s, rule, loads[i]);
	finder.alone = count == 1;
	finder.joins = joins_new(s, rule, loads, names, count);
	for (size_t i = 0; i < count; i++)
		find_instances(&finder, loads[i], &names[i]);
	return finder.found;
}
