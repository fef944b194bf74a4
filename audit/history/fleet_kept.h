/* How the history stores a fleet: its classes with the names of their hosts, but no copy of each
 * host. */
#ifndef HEADROOM_AUDIT_HISTORY_FLEET_KEPT_H
#define HEADROOM_AUDIT_HISTORY_FLEET_KEPT_H

#include <cjson/cJSON.h>
#include <stdbool.h>

#include "base/arena.h"
#include "base/error.h"

bool fleet_is_kept_form(const cJSON *root);

/* Returns headroom.fleet-kept/1 for a headroom.fleet/1; free it with cJSON_Delete. Its "host"
 * replaces that of an audit: the number of hosts, and a fingerprint of the plan and the hosts
 * file. */
cJSON *fleet_kept_pack(struct arena *arena, const cJSON *document);

/* Returns a headroom.fleet/1 from the stored form; free it with cJSON_Delete. It lacks the shares,
 * the audits of classes, and what each host can carry; its member "kept" says so. NULL with err if
 * the stored form is damaged. */
cJSON *fleet_kept_unpack(const cJSON *kept, const char *name, struct error *err);

#endif
