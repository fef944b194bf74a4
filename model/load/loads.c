/* Plans of several loads. */
#include "model/load/loads.h"

#include <math.h>
#include <string.h>

#include "base/text.h"

struct loads loads_copy(struct arena *arena, const struct loads *loads)
{
	struct loads copy = *loads;
	const size_t size = loads->count * sizeof *copy.items;
	copy.items = arena_alloc(arena, size);
	memcpy(copy.items, loads->items, size);
	return copy;
}

static const char *own_name(const struct loads *loads, size_t at)
{
	const struct workload_value *values = loads->items[at].values;
	if (values[W_NAME].text)
		return values[W_NAME].text;
	return values[W_TOOL].text;
}

static bool is_named_before(const struct loads *loads, size_t at)
{
	const char *name = own_name(loads, at);
	for (size_t i = 0; i < at; i++) {
		const char *before = own_name(loads, i);
		if (before && strcmp(before, name) == 0)
			return true;
	}
	return false;
}

const char *loads_name(struct arena *arena, const struct loads *loads, size_t at)
{
	const char *name = own_name(loads, at);
	if (!name)
		return arena_printf(arena, "load %zu", at + 1);
	if (is_named_before(loads, at))
		return arena_printf(arena, "%s (load %zu)", name, at + 1);
	return name;
}

const char *loads_joined(struct arena *arena, const struct loads *loads)
{
	const char *joined = loads_name(arena, loads, 0);
	for (size_t i = 1; i < loads->count; i++) {
		const char *name = loads_name(arena, loads, i);
		joined = arena_printf(arena, "%s + %s", joined, name);
	}
	return joined;
}

const char *loads_plan_name(struct arena *arena, const struct loads *loads)
{
	if (loads->name)
		return loads->name;
	if (loads->count > 1)
		return loads_joined(arena, loads);
	return loads->items[0].values[W_NAME].text;
}

const struct workload *loads_grouped(const struct loads *loads)
{
	for (size_t i = 0; i < loads->count; i++)
		if (loads->items[i].group_count)
			return &loads->items[i];
	return NULL;
}

static bool same_groups(const struct workload *a, const struct workload *b)
{
	if (a->group_count != b->group_count)
		return false;
	for (size_t i = 0; i < a->group_count; i++) {
		const struct workload_group *left = &a->groups[i];
		const struct workload_group *right = &b->groups[i];
		if (strcmp(left->name, right->name) != 0)
			return false;
		if (fabs(left->share - right->share) > 1e-9)
			return false;
	}
	return true;
}

bool loads_check_groups(struct arena *arena, const struct loads *loads, struct error *err)
{
	const struct workload *first = loads_grouped(loads);
	for (size_t i = 0; first && i < loads->count; i++) {
		const struct workload *load = &loads->items[i];
		if (!load->group_count || same_groups(first, load))
			continue;
		return error_set(err,
				"groups divide the plan as a whole, and %.60s has others than %.60s: give them "
				"once",
				loads_name(arena, loads, i),
				loads_name(arena, loads, (size_t)(first - loads->items)));
	}
	return true;
}

bool loads_complete_one(struct arena *arena,
		struct loads *loads,
		size_t at,
		struct assumption **ret_assumptions,
		size_t *ret_count,
		struct error *err)
{
	struct error why = {0};
	struct workload *load = &loads->items[at];
	if (workload_complete(arena, load, ret_assumptions, ret_count, &why))
		return true;
	if (loads->count == 1)
		return error_set(err, "%s", why.text);
	return error_set(err, "%.60s: %s", loads_name(arena, loads, at), why.text);
}

double loads_open_rate(const struct loads *loads)
{
	double rate = 0;
	for (size_t i = 0; i < loads->count; i++)
		rate += loads->items[i].values[W_OPEN_RATE].number;
	return rate;
}
