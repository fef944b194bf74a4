/* What gate --against found, as every output says it: which limits failed in an earlier document as
 * well. */
#ifndef HEADROOM_REPORT_DOCUMENT_BASELINE_H
#define HEADROOM_REPORT_DOCUMENT_BASELINE_H

#include <cjson/cJSON.h>
#include <stdbool.h>

#include "base/arena.h"

/* Did all of this limit that fails, or is unknown, do so before? */
bool baseline_is_known(const cJSON *document, const cJSON *limit);
/* Was the run not certified, and for the same reason before? */
bool baseline_run_is_known(const cJSON *document);

/* Sentences; "": nothing was compared, or there is nothing to say. */
const char *baseline_text(struct arena *arena, const cJSON *document);

#endif
