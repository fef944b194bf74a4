/* Adds an estimate of the processors that the load needs, from earlier measured runs. */
#ifndef HEADROOM_AUDIT_HISTORY_MEASURED_H
#define HEADROOM_AUDIT_HISTORY_MEASURED_H

#include <cjson/cJSON.h>

#include "audit/cli/options.h"
#include "audit/run/lock_file.h"

/* Uses workload.lock.json (`taught`; NULL if it has nothing), or else the last gate of the same
 * tool on this host in the history. Sets coverage.estimated, and adds a finding if the plan needs
 * more than the host has. Does nothing if nothing was measured. */
void measured_put(const struct run *run, const struct lock_taught *taught, cJSON *document);

#endif
