/* The signed text: an in-toto Statement v1 about a document and the files that belong to it.
 * https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md
 * https://github.com/in-toto/attestation/blob/main/spec/predicates/test-result.md */
#ifndef HEADROOM_AUDIT_EVIDENCE_STATEMENT_H
#define HEADROOM_AUDIT_EVIDENCE_STATEMENT_H

#include <cjson/cJSON.h>

#include "audit/evidence/subject.h"
#include "base/os/json.h"

/* Returns true for what can be signed: the audit of a host, or one verdict for many hosts. */
bool statement_can(const cJSON *document);
/* Returns false with err if the document lacks what the statement needs. */
bool statement_check(const struct json *json, const char *name, struct error *err);

/* Returns PASSED, WARNED or FAILED (result.h, fleet.h). */
const char *statement_result(struct arena *arena, const cJSON *document);

/* Returns the statement; free it with cJSON_Delete. */
cJSON *statement_new(struct arena *arena, const cJSON *document, const struct subjects *subjects);

/* Reads a statement: checks its types, and gives the files that it names and its result. The names
 * live as long as the JSON. false with err. */
bool statement_read(const struct json *json,
		struct subjects *ret_subjects,
		const char **ret_result,
		struct error *err);

#endif
