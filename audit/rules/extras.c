/* Finding and freeing what rule files hold beside the model's own rules. */
#include "audit/rules/extras.h"

#include <string.h>

void rule_extras_release(struct rule_extras *extras)
{
	for (size_t i = 0; i < extras->document_count; i++)
		json_free(extras->documents[i]);
	*extras = (struct rule_extras){0};
}

const struct workload_preset *rule_extras_preset(const struct rule_extras *extras, const char *id)
{
	for (size_t i = 0; i < extras->preset_count; i++) {
		if (strcmp(extras->presets[i].id, id) == 0)
			return &extras->presets[i];
	}
	return NULL;
}
