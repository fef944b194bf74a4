/* Plans of several loads. */
#include "model/load/loads.h"

#include <math.h>
#include <string.h>

#include "base/text.h"

struct loads loads_copy(struct arena *arena, const struct loads *loads)
{
	struct loads copy = *loads;
	copy.items = arena_alloc(arena, loads->count * sizeof *copy.items);
	memcpy(copy.items, loads->items, loads->count * sizeof *copy.items);
	return copy;
}

static const char *own_name(const struct loads *loads, size_t at)
{
	return loads->items[at].values[W_NAME].text;
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

double loads_program_scale(const struct loads *loads)
{
	double scale = INFINITY;
	for (size_t i = 0; i < loads->count; i++)
		scale = fmin(scale, workload_program_scale(&loads->items[i]));
	return scale;
}
