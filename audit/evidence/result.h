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

/* Of the audit of one host. Only a verdict that somebody measured or computed from this host's own
 * values passes: UNKNOWN, NOT-RUN, NOT-CERTIFIED, an audit without a plan, assumed and too old
 * values are FAILED. What passes with a warning, or by leaving a limit out, is WARNED. */
const char *evidence_result_of_audit(struct arena *arena, const cJSON *document);
/* Its limits, and its run. */
void evidence_tests_of_audit(struct arena *arena,
		const cJSON *document,
		const struct evidence_tests *lists);

#endif
