/* Examples of tools: the figures of a result. */
#ifndef HEADROOM_AUDIT_RULES_EXAMPLE_RESULT_H
#define HEADROOM_AUDIT_RULES_EXAMPLE_RESULT_H

#include "audit/rules/rules.h"

/* What the tool of the rule wrote ("written"): {"result": {"requests", "answers", …, "cause"}}; a
 * figure that is not in it is left out. {}: nothing of it is known. */
cJSON *example_result(struct arena *arena,
		const struct rules *rules,
		const struct rule_example *example);

#endif
