/* --redact: replaces names of hosts, addresses, users and process ids by placeholders. All other
 * values stay. "host-1" is the same host everywhere in the document. */
#ifndef HEADROOM_AUDIT_OUTPUT_REDACT_H
#define HEADROOM_AUDIT_OUTPUT_REDACT_H

#include <cjson/cJSON.h>

#include "audit/cli/options.h"

/* Changes the document in place. Loopback and unspecified addresses and the user root stay,
 * because they identify nobody. */
void redact_document(struct arena *arena, cJSON *document);

/* Returns what may be shown: the document or, with --redact, a changed copy, which is *ret_copy and
 * belongs to the caller. */
const cJSON *redact_shown(const struct run *run, const cJSON *document, cJSON **ret_copy);

#endif
