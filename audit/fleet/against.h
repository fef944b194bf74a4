/* Compares with an earlier fleet: which hosts have other settings or another verdict. */
#ifndef HEADROOM_AUDIT_FLEET_AGAINST_H
#define HEADROOM_AUDIT_FLEET_AGAINST_H

#include <cjson/cJSON.h>

#include "base/arena.h"

/* Adds `drift` to the document: what changed since `earlier`, or null if that is NULL. `id` is the
 * number of `earlier` in the history, or 0 if it is not from there. */
void fleet_against(struct arena *arena, const cJSON *earlier, double id, cJSON *document);

#endif
