/* --redact: who and where becomes a placeholder, what and how much stays. Names of hosts,
 * addresses, users and process ids; "host-1" is the same host wherever it stands in the document.
 */
#ifndef HEADROOM_AUDIT_OUTPUT_REDACT_H
#define HEADROOM_AUDIT_OUTPUT_REDACT_H

#include <cjson/cJSON.h>

#include "audit/cli/options.h"

/* Changes the document in place. Loopback and unspecified addresses and the user root stay: they
 * say nothing of anybody. */
void redact_document(struct arena *arena, cJSON *document);

/* What may be shown: with --redact a changed copy, which *ret_copy owns; else the document. */
const cJSON *redact_shown(const struct run *run, const cJSON *document, cJSON **ret_copy);

#endif
