/* The built-in table of log texts, for tests that look up lines in it. */
#ifndef HEADROOM_TESTS_UNIT_WHY_TEST_H
#define HEADROOM_TESTS_UNIT_WHY_TEST_H

#include "audit/rules/rules.h"
#include "model/why/match.h"

static struct arena *arena;
static struct rule_extras extras;
static const struct why_table *table;

static int open_table(void **state)
{
	static struct rules rules;
	struct error err = {0};
	(void)state;
	arena = arena_new();
	if (!rules_load(arena, NULL, 0, false, &rules, &extras, &err))
		return 1;
	table = why_table_new(arena, &rules);
	return 0;
}

static int close_table(void **state)
{
	(void)state;
	rule_extras_release(&extras);
	arena_free(arena);
	return 0;
}

#endif
