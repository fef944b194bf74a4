/* What changed between two audit documents: settings, plan, limits, verdict, and which change moved
 * which limit. */
#ifndef HEADROOM_AUDIT_HISTORY_DRIFT_H
#define HEADROOM_AUDIT_HISTORY_DRIFT_H

#include <cjson/cJSON.h>

#include "audit/cli/options.h"

/* Returns the object "drift" of docs/audit-document.md, which owns its texts; free it with
 * cJSON_Delete. `before_id`: the number of the earlier audit in the history; 0: it is not from
 * there. The plan is judged again to find which fact moved which limit (drift_cause.h). */
cJSON *drift_new(const struct run *run, const cJSON *before, const cJSON *after, double before_id);

#endif
