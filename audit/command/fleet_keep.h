/* Saves fleets in the history, and finds the one to compare with. */
#ifndef HEADROOM_AUDIT_COMMAND_FLEET_KEEP_H
#define HEADROOM_AUDIT_COMMAND_FLEET_KEEP_H

#include <cjson/cJSON.h>

#include "audit/cli/options.h"

/* Adds `drift` to the document: the comparison with what --against names, a file, a number of the
 * history, or "last", the last fleet with the same plan and hosts file. Null without --against.
 * false with err. */
bool fleet_look_back(const struct run *run, cJSON *document, struct error *err);

/* Saves the fleet in the history, unless --no-history or HEADROOM_HISTORY=off is given. If the
 * history cannot be used, a line on standard error says so. */
void fleet_keep(const struct run *run, const cJSON *document);

#endif
