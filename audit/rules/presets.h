/* Presets: from the JSON of their rule to a workload. */
#ifndef HEADROOM_AUDIT_RULES_PRESETS_H
#define HEADROOM_AUDIT_RULES_PRESETS_H

#include "audit/rules/rules.h"
#include "model/load/workload.h"

/* Gives the workload of a preset, named after the preset unless it has a name. false with err. */
bool preset_workload(struct arena *arena,
		const struct workload_preset *preset,
		struct workload *ret_workload,
		struct error *err);

/* Returns its members as JSON, with positions in *ret_source. Both live in *ret_read, which the
 * caller closes (NULL: they belong to the rules). NULL with err if a built-in file cannot be
 * read. */
const cJSON *preset_members(const struct workload_preset *preset,
		const struct json **ret_source,
		struct json **ret_read,
		struct error *err);

/* Returns true for plans that only an audit without a workload judges ("hold-client"). They are not
 * offered to people. */
bool preset_is_internal(const char *id);

/* Returns the names of the others, NULL-terminated, in the arena. */
const char *const *preset_names(struct arena *arena, const struct rule_extras *extras);

#endif
