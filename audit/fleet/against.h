/* What changed since an earlier fleet: hosts whose settings or verdict are other ones. */
#ifndef HEADROOM_AUDIT_FLEET_AGAINST_H
#define HEADROOM_AUDIT_FLEET_AGAINST_H

#include <cjson/cJSON.h>

#include "audit/cli/options.h"

/* Adds `drift` to the document, against the file of --against; null without it. */
bool fleet_against(const struct run *run, cJSON *document, struct error *err);

#endif
