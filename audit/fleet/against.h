/* What changed since an earlier fleet: hosts whose settings or verdict are other ones. */
#ifndef HEADROOM_AUDIT_FLEET_AGAINST_H
#define HEADROOM_AUDIT_FLEET_AGAINST_H

#include <cjson/cJSON.h>

#include "base/arena.h"

/* Adds `drift` to the document, since the earlier one; null where that is NULL. `id` is its number
 * in the history, 0 if it is not from there. */
void fleet_against(struct arena *arena, const cJSON *earlier, double id, cJSON *document);

#endif
