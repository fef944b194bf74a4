/* Each load has facts of its own: which ports are free depends on where it connects to, and how. */
#include "model/state.h"

#include "model/derive.h"
#include "model/pools/pools.h"
#include "model/queues/queues.h"

static void derive_for_load(struct facts *facts, const struct workload *workload)
{
	pools_derive(facts, workload);
	queues_derive(facts, workload);
}

struct state state_new(struct arena *arena,
		const struct rules *rules,
		struct facts *facts,
		const struct loads *loads)
{
	struct state state = {.loads = *loads, .courses = courses_new(arena, loads)};
	size_t count = loads->count;
	state.facts = arena_alloc(arena, count * sizeof *state.facts);
	derive_facts(facts, rules);
	for (size_t i = 0; i < count; i++) {
		struct facts *own = facts;
		if (count > 1)
			own = facts_overlay(arena, facts);
		derive_for_load(own, &loads->items[i]);
		state.facts[i] = own;
	}
	return state;
}

void state_put_facts(struct state *state, const struct rules *rules, size_t at, struct facts *facts)
{
	const struct workload *load = &state->loads.items[at];
	derive_facts(facts, rules);
	derive_for_load(facts, load);
	state->facts[at] = facts;
}

/* Looks first and adds afterwards: a set is sorted when it is looked at. */
static void add_missing(struct facts *all, const struct facts *more)
{
	size_t count = 0;
	size_t most = more->count + 1;
	const struct fact **missing;
	missing = arena_alloc(all->arena, most * sizeof *missing);
	for (size_t i = 0; i < more->count; i++) {
		const struct fact *fact = more->items[i];
		const struct fact *known;
		known = facts_get(all, fact->key, fact->instance);
		if (!known)
			missing[count++] = fact;
	}
	for (size_t i = 0; i < count; i++) {
		facts_put(all, *missing[i]);
	}
	facts_sort(all);
}

const struct facts *state_facts(struct arena *arena, const struct state *state)
{
	size_t count = state->loads.count;
	const struct facts *first = state->facts[0];
	if (count == 1)
		return first;
	struct facts *all = facts_overlay(arena, first);
	for (size_t i = 1; i < count; i++) {
		add_missing(all, state->facts[i]);
	}
	return all;
}
