/* When the values of an audit were read, and how long that was before the audit. */
#ifndef HEADROOM_REPORT_DOCUMENT_AGE_H
#define HEADROOM_REPORT_DOCUMENT_AGE_H

#include <cjson/cJSON.h>
#include <stdbool.h>

#include "base/arena.h"

/* RFC 3339, as in the document; "" if it does not say. Never the time of rendering. */
const char *document_as_of(const cJSON *document);
/* Seconds before the document was made; NAN where that is not known. */
double document_age_s(const cJSON *document);
/* Whether readers must be told: from one hour on, or if the values are from the future. */
bool document_is_dated(const cJSON *document);
/* "2026-11-21" and "2026-11-21 02:00", UTC; "" where it is not known. */
const char *document_day(struct arena *arena, const cJSON *document);
const char *document_minute(struct arena *arena, const cJSON *document);

#endif
