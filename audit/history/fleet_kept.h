/* How the history stores a fleet: its classes with the names of their hosts, but no copy of each
 * host. */
#ifndef HEADROOM_AUDIT_HISTORY_FLEET_KEPT_H
#define HEADROOM_AUDIT_HISTORY_FLEET_KEPT_H

#include <cjson/cJSON.h>
#include <stdbool.h>

#include "base/arena.h"
#include "base/error.h"

bool fleet_is_kept_form(const cJSON *root);

/* headroom.fleet-kept/1 of a headroom.fleet/1. Its "host" stands in for that of an audit: how many
 * hosts, and a fingerprint of the plan and the hosts file. The caller deletes it. */
cJSON *fleet_kept_pack(struct arena *arena, const cJSON *document);

/* The reverse: makes a headroom.fleet/1. It lacks the shares, the audits of classes, and what each
 * host can carry, and its member "kept" says so. NULL with err if the stored form is damaged. */
cJSON *fleet_kept_unpack(const cJSON *kept, const char *name, struct error *err);

#endif
