/* headroom fleet --emit ansible --dir DIR: playbooks that fix the failing classes, and playbooks
 * that undo those changes. */
#ifndef HEADROOM_AUDIT_COMMAND_FLEET_EMIT_H
#define HEADROOM_AUDIT_COMMAND_FLEET_EMIT_H

#include <cjson/cJSON.h>

#include "audit/cli/options.h"

/* Can fleet write what --emit and --dir ask for? If not, err says why. */
bool fleet_emit_check(const struct options *options, struct error *err);
/* Writes the files, and says so on standard error. Does nothing without --emit. */
bool fleet_emit(const struct run *run, const cJSON *document, struct error *err);

#endif
