/* Adds to an audit's document what runs that were measured say of processors. */
#ifndef HEADROOM_AUDIT_HISTORY_MEASURED_H
#define HEADROOM_AUDIT_HISTORY_MEASURED_H

#include <cjson/cJSON.h>

#include "audit/cli/options.h"
#include "audit/run/lock_file.h"

/* By workload.lock.json (taught; NULL: it says nothing), else by the last gate of the same tool on
 * this host that the history has. Sets coverage.estimated, and adds a finding where the plan asks
 * for more than there is. Does nothing where nothing was measured. */
void measured_put(const struct run *run, const struct lock_taught *taught, cJSON *document);

#endif
