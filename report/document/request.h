/* The change request that a document was made for: its ticket, who requested it, and until when it
 * may be used. */
#ifndef HEADROOM_REPORT_DOCUMENT_REQUEST_H
#define HEADROOM_REPORT_DOCUMENT_REQUEST_H

#include <cjson/cJSON.h>

#include "base/arena.h"

enum {
	TICKET_CHARS = 64,
	REQUESTED_BY_CHARS = 100
};

/* Returns "change CHG0031337 · requested by J. Doe · valid until 2026-12-14"; "" if nothing was
 * given. A validity of less than a day is shown to the minute. */
const char *document_request_text(struct arena *arena, const cJSON *document);
/* Returns the ticket alone, cleaned; "" if there is none. */
const char *document_ticket(struct arena *arena, const cJSON *document);

/* Copies the member into a document made from the audit, if the audit has it. */
void document_put_request(const cJSON *audit, cJSON *object);

#endif
