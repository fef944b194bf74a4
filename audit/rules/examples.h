/* The examples that stand in rules: executed by `headroom rules test`, each through the same model
 * and document as an audit. */
#ifndef HEADROOM_AUDIT_RULES_EXAMPLES_H
#define HEADROOM_AUDIT_RULES_EXAMPLES_H

#include "audit/rules/rules.h"
#include "base/text.h"

/* Runs one example; what does not come out as expected is added to `failures`, a line each. */
bool example_run(const struct rules *rules,
		const struct rule_extras *extras,
		const struct rule_example *example,
		struct text *failures);

/* The value that `path` names in a document: members joined by dots; a member name may hold dots
 * itself; an element of an array by its id, fix, key or name, or by its index. NULL if there is
 * none. */
const cJSON *example_find(const cJSON *document, const char *path);

/* Compares: a number (to 1e-6), string, bool or null; {"near": N, "within": "0.5%"}; {"min",
 * "max"};
 * {"contains": "text"}. `true` also fits any value that is there, `false` one that is not. On a
 * difference `why` says what was expected and found. */
bool example_matches(const cJSON *found, const cJSON *expected, struct text *why);

#endif
