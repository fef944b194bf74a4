/* Ready workloads. They are kept as JSON until one is named: a run reads one of them at most. */
#include "audit/rules/presets.h"

#include <string.h>

#include "probes/plan/workload_json.h"

bool preset_workload(struct arena *arena,
		const struct workload_preset *preset,
		struct workload *ret_workload,
		struct error *err)
{
	const char *from = arena_printf(arena, "ready workload %s", preset->id);
	struct workload_value *name = &ret_workload->values[W_NAME];
	if (!workload_from_json(arena, preset->source, preset->workload, from, ret_workload, err))
		return false;
	if (!name->set)
		*name = (struct workload_value){.set = true, .text = preset->id, .from = from};
	ret_workload->title = preset->title;
	return true;
}

bool preset_is_internal(const char *id)
{
	return !strncmp(id, "hold-", 5);
}

const char *const *preset_names(struct arena *arena, const struct rule_extras *extras)
{
	const char **names = arena_alloc(arena, (extras->preset_count + 1) * sizeof *names);
	size_t count = 0;
	for (size_t i = 0; i < extras->preset_count; i++) {
		if (!preset_is_internal(extras->presets[i].id))
			names[count++] = extras->presets[i].id;
	}
	return names;
}
