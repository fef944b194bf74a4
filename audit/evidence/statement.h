/* What is signed: an in-toto Statement v1 about an audit document and the files that go with it.
 * https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md
 * https://github.com/in-toto/attestation/blob/main/spec/predicates/test-result.md */
#ifndef HEADROOM_AUDIT_EVIDENCE_STATEMENT_H
#define HEADROOM_AUDIT_EVIDENCE_STATEMENT_H

#include <cjson/cJSON.h>

#include "audit/evidence/subject.h"
#include "base/os/json.h"

/* PASSED, WARNED or FAILED. Only a verdict that somebody measured or computed from this host's own
 * values passes: UNKNOWN, NOT-RUN, NOT-CERTIFIED, an audit without a plan, assumed and too old
 * values are FAILED. What passes with a warning, or by leaving a limit out, is WARNED. A literal.
 */
const char *statement_result(struct arena *arena, const cJSON *document);

/* The statement; to be freed by cJSON_Delete. */
cJSON *statement_new(struct arena *arena, const cJSON *document, const struct subjects *subjects);

/* Reads one back: its types, and the files it speaks of. The names live as long as the JSON.
 * *ret_result: its result. */
bool statement_read(const struct json *json,
		struct subjects *ret_subjects,
		const char **ret_result,
		struct error *err);

#endif
