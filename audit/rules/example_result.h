/* Examples of tools: the figures in a result. */
#ifndef HEADROOM_AUDIT_RULES_EXAMPLE_RESULT_H
#define HEADROOM_AUDIT_RULES_EXAMPLE_RESULT_H

#include "audit/rules/rules.h"

/* Reads what the tool wrote ("written") and returns {"result": {"requests", "answers", …,
 * "cause"}}, without figures that it does not have. {}: nothing was understood. */
cJSON *example_result(struct arena *arena,
		const struct rules *rules,
		const struct rule_example *example);

#endif
