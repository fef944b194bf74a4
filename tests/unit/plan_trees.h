/* XML and YAML for tests of plan readers, read by the helper's reader without its process. */
#ifndef HEADROOM_TESTS_UNIT_PLAN_TREES_H
#define HEADROOM_TESTS_UNIT_PLAN_TREES_H

#include <string.h>

#include "base/text.h"
#include "probes/plan/plan.h"
#include "report/helper/tree/tree.h"

/* For `tree` of struct plan_context. */
static inline bool plan_trees_read(const struct plan_context *context,
		const char *format,
		const char *bytes,
		size_t length,
		const char *shown,
		const char **ret_json,
		size_t *ret_length,
		struct error *err)
{
	struct text text = {0};
	struct error inner;
	bool good;
	if (strcmp(format, "xml") == 0)
		good = tree_from_xml(bytes, length, &text, &inner);
	else
		good = tree_from_yaml(bytes, length, &text, &inner);
	if (!good)
		return error_set(err, "%s:%s", shown, inner.text);
	*ret_length = text.length;
	*ret_json = text_take(context->arena, &text);
	return true;
}

#endif
