/* headroom fleet --emit ansible --dir DIR: playbooks that fix the failing classes, and playbooks
 * that undo those changes. */
#ifndef HEADROOM_AUDIT_COMMAND_FLEET_EMIT_H
#define HEADROOM_AUDIT_COMMAND_FLEET_EMIT_H

#include <cjson/cJSON.h>

#include "audit/cli/options.h"

/* Returns false with err if fleet cannot write what --emit and --dir ask for. */
bool fleet_emit_check(const struct options *options, struct error *err);
/* Writes the files and names them on standard error. Does nothing without --emit. false with
 * err. */
bool fleet_emit(const struct run *run, const cJSON *document, struct error *err);

#endif
