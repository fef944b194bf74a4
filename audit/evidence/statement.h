/* What is signed: an in-toto Statement v1 about a document and the files that go with it.
 * https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md
 * https://github.com/in-toto/attestation/blob/main/spec/predicates/test-result.md */
#ifndef HEADROOM_AUDIT_EVIDENCE_STATEMENT_H
#define HEADROOM_AUDIT_EVIDENCE_STATEMENT_H

#include <cjson/cJSON.h>

#include "audit/evidence/subject.h"
#include "base/os/json.h"

/* Can this be signed: the audit of a host, or one verdict for many hosts? */
bool statement_can(const cJSON *document);
/* Has it what the statement says of it? */
bool statement_check(const struct json *json, const char *name, struct error *err);

/* PASSED, WARNED or FAILED (result.h, fleet.h). */
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
