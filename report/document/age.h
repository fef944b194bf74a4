/* When the values of an audit were read, and how long that was before the audit. */
#ifndef HEADROOM_REPORT_DOCUMENT_AGE_H
#define HEADROOM_REPORT_DOCUMENT_AGE_H

#include <cjson/cJSON.h>
#include <stdbool.h>

#include "base/arena.h"

/* Returns the time in RFC 3339 form as in the document, or "" if it has none. Never the time of
 * rendering. */
const char *document_as_of(const cJSON *document);
/* Returns how many seconds before the document the values were read; NAN: not known. */
double document_age_s(const cJSON *document);
/* Returns true if readers must be told the age: from one hour on, or if the values are from the
 * future. */
bool document_is_dated(const cJSON *document);
/* Return "2026-11-21" and "2026-11-21 02:00" in UTC; "" if not known. */
const char *document_day(struct arena *arena, const cJSON *document);
const char *document_minute(struct arena *arena, const cJSON *document);

#endif
