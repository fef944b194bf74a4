/* Ready workloads: from the JSON of their rule to a workload. */
#ifndef HEADROOM_AUDIT_RULES_PRESETS_H
#define HEADROOM_AUDIT_RULES_PRESETS_H

#include "audit/rules/rules.h"
#include "model/load/workload.h"

/* The workload of a preset, named after it unless it names itself. */
bool preset_workload(struct arena *arena,
		const struct workload_preset *preset,
		struct workload *ret_workload,
		struct error *err);

/* Its members as JSON, at their positions in *ret_source. Both live in *ret_read, which the caller
 * closes (NULL: they are the rules'). NULL with err if a built-in file cannot be read. */
const cJSON *preset_members(const struct workload_preset *preset,
		const struct json **ret_source,
		struct json **ret_read,
		struct error *err);

/* The plans that only an audit without a workload judges ("hold-client") are not offered to people.
 */
bool preset_is_internal(const char *id);

/* Names of the others, NULL-terminated, in the arena. */
const char *const *preset_names(struct arena *arena, const struct rule_extras *extras);

#endif
