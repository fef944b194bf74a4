/* Finds the instances of a limit's scope among the facts and in the plan. */
#include "model/instances.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
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
static void listener_instances(const struct situation *s, struct name_list *list)
{
	struct name_list found;
	if (listeners_of_plan(s->arena, s->facts, s->workload, &found) == LISTENERS_KNOWN)
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

/* The running Erlang nodes; only the one audited (--pid) if it is one of them. */
static void beam_instances(const struct situation *s, struct name_list *list)
{
	char pid[NUMBER_TEXT_MAX];
	(void)text_plain_number(pid, facts_number(s->facts, "vantage.pid"));
	for (size_t k = 0; k < COUNT_OF(beam_keys); k++) {
		const struct name_list all = fact_instances(s, beam_keys[k]);
		for (size_t i = 0; i < all.count; i++)
			name_list_add_once(s->arena, list, all.items[i]);
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
static void destination_instances(const struct situation *s, struct name_list *list)
{
	const struct workload_value *values = s->workload->values;
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
			taken = ports_taken(s->facts, to->list[i]);
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

struct name_list limit_instances(const struct situation *s, const struct limit_rule *rule)
{
	const char *runtime = s->workload->values[W_RUNTIME].text;
	bool erlang = !strcmp(runtime, "erlang");
	struct name_list list = {0};
	switch (rule->scope) {
	case SCOPE_LISTENER:
		listener_instances(s, &list);
		break;
	case SCOPE_DESTINATION:
		destination_instances(s, &list);
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
