/* The examples in rules: `headroom rules test` runs each with the same model and document as an
 * audit. */
#ifndef HEADROOM_AUDIT_RULES_EXAMPLES_H
#define HEADROOM_AUDIT_RULES_EXAMPLES_H

#include "audit/rules/rules.h"
#include "base/text.h"

/* Runs one example. Appends each difference to `failures`, one line each. false: there was one. */
bool example_run(const struct rules *rules,
		const struct rule_extras *extras,
		const struct rule_example *example,
		struct text *failures);

/* Returns the value at `path` in a document: members joined by dots (a member's name may contain
 * dots), and elements of an array by id, fix, key, name or index. NULL if there is none. */
const cJSON *example_find(const cJSON *document, const char *path);

/* Compares with a number (to 1e-6), string, bool or null; {"near": N, "within": "0.5%"}; {"min",
 * "max"}; {"contains": "text"}. `true` also matches any existing value, `false` a missing one.
 * Returns false and appends to `why` what was expected and found. */
bool example_matches(const cJSON *found, const cJSON *expected, struct text *why);

#endif
