/* HEADROOM_* variables in the environment: a misspelled setting must not go unnoticed. */
#ifndef HEADROOM_AUDIT_CLI_VARIABLES_H
#define HEADROOM_AUDIT_CLI_VARIABLES_H

#include "audit/cli/command.h"

/* Returns the variable of an option: HEADROOM_MAX_USE for "max-use". */
const char *variable_name(struct arena *arena, const char *option);

/* Returns false with err if a variable nearly has the name of a setting of this command. Names all
 * other variables without a meaning once on standard error, except those that Kubernetes sets for a
 * service called headroom. */
bool variables_check(const struct run *run, enum command_id command, struct error *err);

#endif
