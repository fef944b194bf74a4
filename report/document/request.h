/* The change that a document was made for: its ticket, who requested it, and until when it may be
 * used. */
#ifndef HEADROOM_REPORT_DOCUMENT_REQUEST_H
#define HEADROOM_REPORT_DOCUMENT_REQUEST_H

#include <cjson/cJSON.h>

#include "base/arena.h"

enum {
	TICKET_CHARS = 64,
	REQUESTED_BY_CHARS = 100
};

/* "change CHG0031337 · requested by J. Doe · valid until 2026-12-14"; "" if none was given. A
 * validity of less than a day has the minute. */
const char *document_request_text(struct arena *arena, const cJSON *document);
/* The ticket alone, cleaned; "" if none is named. */
const char *document_ticket(struct arena *arena, const cJSON *document);

/* The same member in a view of the audit; none if the audit has none. */
void document_put_request(const cJSON *audit, cJSON *object);

#endif
