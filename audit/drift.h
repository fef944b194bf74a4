/* What changed between two audit documents: settings, plan, limits, verdict, and which change moved which limit.
 * Compares what stands in the documents; judges nothing again. */
#ifndef HEADROOM_AUDIT_DRIFT_H
#define HEADROOM_AUDIT_DRIFT_H

#include <cjson/cJSON.h>

#include "model/arena.h"

/* The object "drift" of docs/audit-document.md; the caller frees it. Texts are copied. `before_id`: its number in the
 * history, or 0. */
cJSON *drift_new(struct arena *arena, const cJSON *before, const cJSON *after, double before_id);

#endif
