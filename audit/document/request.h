/* The member "request" of documents: the change that an audit was made for. */
#ifndef HEADROOM_AUDIT_DOCUMENT_REQUEST_H
#define HEADROOM_AUDIT_DOCUMENT_REQUEST_H

#include <cjson/cJSON.h>

#include "audit/cli/options.h"
#include "base/arena.h"

/* Returns true if the user gave one of these options. */
bool request_given(const struct options *options);
/* Adds what the user gave to the document, which must already have "created". Adds no member if the
 * user gave nothing. */
void request_put(struct arena *arena, cJSON *document, const struct options *options);

/* Warns on standard error if the validity of this document has ended. Does not change the exit
 * status. */
void request_warn(struct arena *arena, const cJSON *document, const char *name);

#endif
