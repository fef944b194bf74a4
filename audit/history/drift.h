/* What changed between two audit documents: settings, plan, limits, verdict, and which change moved
 * which limit. Compares what stands in the documents. */
#ifndef HEADROOM_AUDIT_HISTORY_DRIFT_H
#define HEADROOM_AUDIT_HISTORY_DRIFT_H

#include <cjson/cJSON.h>

#include "audit/cli/options.h"

/* The object "drift" of docs/audit-document.md; the caller frees it. Texts are copied. `before_id`:
 * its number in the history, or 0. The plan is judged again to tell which fact moved which limit
 * (drift_cause.h). */
cJSON *drift_new(const struct run *run, const cJSON *before, const cJSON *after, double before_id);

#endif
