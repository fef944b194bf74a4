/* What is said about lists of facts, and what it means that a fact is not there. */
#include <string.h>

#include "base/array.h"
#include "model/fact.h"

static const char *const state_names[] = {
		[LIST_SKIPPED] = "skipped",
		[LIST_PARTIAL] = "partial",
		[LIST_COMPLETE] = "complete",
};

const char *list_state_name(enum list_state state)
{
	return state_names[state];
}

bool list_state_from_name(const char *name, enum list_state *ret_state)
{
	for (size_t i = 0; i < COUNT_OF(state_names); i++) {
		if (strcmp(state_names[i], name) != 0)
			continue;
		*ret_state = (enum list_state)i;
		return true;
	}
	return false;
}

static struct fact_list *find_list(const struct facts *facts, const char *key)
{
	for (size_t i = 0; i < facts->list_count; i++) {
		if (strcmp(facts->lists[i].key, key) == 0)
			return &facts->lists[i];
	}
	return NULL;
}

static struct fact_list *add_list(struct facts *facts)
{
	facts->lists = arena_grow(facts->arena,
			facts->lists,
			facts->list_count,
			&facts->list_capacity,
			sizeof *facts->lists);
	return &facts->lists[facts->list_count++];
}

void facts_put_list(struct facts *facts, const char *key, enum list_state state, const char *error)
{
	struct fact_list *list = find_list(facts, key);
	if (!list)
		list = add_list(facts);
	list->key = key;
	list->state = state;
	list->error = error;
}

const struct fact_list *facts_list(const struct facts *facts, const char *key)
{
	return find_list(facts, key);
}

enum list_state facts_list_state(const struct facts *facts, const char *key)
{
	const struct fact_list *list = find_list(facts, key);
	if (list)
		return list->state;
	if (facts->whole)
		return LIST_COMPLETE;
	return LIST_SKIPPED;
}

enum fact_status facts_status(const struct facts *facts, const char *key, const char *instance)
{
	const struct fact *fact = facts_get(facts, key, instance);
	if (fact)
		return fact->status;
	if (facts_list_state(facts, key) == LIST_COMPLETE)
		return FACT_ABSENT;
	return FACT_SKIPPED;
}
