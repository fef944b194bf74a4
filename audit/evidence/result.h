/* The result of a signed document: one word, and the tests that passed, passed with a warning, or
 * failed. */
#ifndef HEADROOM_AUDIT_EVIDENCE_RESULT_H
#define HEADROOM_AUDIT_EVIDENCE_RESULT_H

#include <cjson/cJSON.h>

#include "base/arena.h"

/* Compared by address. */
extern const char EVIDENCE_PASSED[], EVIDENCE_WARNED[], EVIDENCE_FAILED[];

/* The three lists of a predicate. */
struct evidence_tests {
	cJSON *passed, *warned, *failed;
};

struct evidence_tests evidence_tests_new(cJSON *predicate);
void evidence_tests_add(const struct evidence_tests *lists, const char *result, const char *name);

/* Returns the result for the audit of one host. PASSED needs a verdict measured or calculated from
 * this host's own values: UNKNOWN, NOT-RUN, NOT-CERTIFIED, an audit without a plan, assumed values
 * and values that are too old give FAILED. A pass with a warning or an ignored limit gives
 * WARNED. */
const char *evidence_result_of_audit(struct arena *arena, const cJSON *document);
/* Adds its limits and its run to the lists. */
void evidence_tests_of_audit(struct arena *arena,
		const cJSON *document,
		const struct evidence_tests *lists);

#endif
