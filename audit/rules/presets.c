/* Ready workloads. They are kept as JSON until one is named: a run reads one of them at most. */
#include "audit/rules/presets.h"

#include <assert.h>
#include <string.h>

#include "base/embed.h"
#include "base/text.h"
#include "probes/plan/workload_json.h"

static const cJSON *members_of(const cJSON *rule)
{
	return cJSON_GetObjectItemCaseSensitive(rule, "workload");
}

/* The file may hold one rule or a list of them. */
static const cJSON *members_in_file(const cJSON *root, const char *id)
{
	const cJSON *rule;
	if (!cJSON_IsArray(root))
		return members_of(root);
	cJSON_ArrayForEach(rule, root) {
		const char *found = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(rule, "id"));
		if (strcmp(found, id) == 0 && members_of(rule))
			return members_of(rule);
	}
	return NULL;
}

const cJSON *preset_members(const struct workload_preset *preset,
		const struct json **ret_source,
		struct json **ret_read,
		struct error *err)
{
	*ret_source = preset->source;
	if (!preset->file)
		return preset->workload;
	const struct embedded_file *file = embedded_find(preset->file);
	assert(file);
	*ret_read = json_read_built_in(file->path, (const char *)file->bytes, file->size, err);
	*ret_source = *ret_read;
	if (!*ret_read)
		return NULL;
	return members_in_file(json_root(*ret_read), preset->id);
}

bool preset_workload(struct arena *arena,
		const struct workload_preset *preset,
		struct workload *ret_workload,
		struct error *err)
{
	const char *from = arena_printf(arena, "preset %s", preset->id);
	struct workload_value *name = &ret_workload->values[W_NAME];
	__attribute__((cleanup(json_close))) struct json *read = NULL;
	const struct json *source;
	const cJSON *members = preset_members(preset, &source, &read, err);
	if (!members || !workload_from_json(arena, source, members, from, ret_workload, err))
		return false;
	if (!name->set)
		*name = (struct workload_value){.set = true, .text = preset->id, .from = from};
	ret_workload->title = preset->title;
	return true;
}

bool preset_is_internal(const char *id)
{
	return text_begins_with(id, "hold-");
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
