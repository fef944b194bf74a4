/* The member "request" of documents: the change that an audit was made for. */
#ifndef HEADROOM_AUDIT_DOCUMENT_REQUEST_H
#define HEADROOM_AUDIT_DOCUMENT_REQUEST_H

#include <cjson/cJSON.h>

#include "audit/cli/options.h"
#include "base/arena.h"

/* Was any of it said? */
bool request_given(const struct options *options);
/* Puts what was said into the document, whose "created" has to be there; the rest stays as it is.
 * Where nothing was said, there is no such member. */
void request_put(struct arena *arena, cJSON *document, const struct options *options);

/* Says on standard error that the document of this name was to be used until a moment that is over.
 * Changes no exit status. */
void request_warn(struct arena *arena, const cJSON *document, const char *name);

#endif
