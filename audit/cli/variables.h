/* HEADROOM_* of the environment: a setting that is misspelled must not count as missing. */
#ifndef HEADROOM_AUDIT_CLI_VARIABLES_H
#define HEADROOM_AUDIT_CLI_VARIABLES_H

#include "audit/cli/command.h"

/* The variable of an option: "max-use" is HEADROOM_MAX_USE. */
const char *variable_name(struct arena *arena, const char *option);

/* Fails on a variable that is nearly the name of a setting of this command, and names all others
 * that mean nothing once on standard error. What Kubernetes sets for a service that is called
 * headroom is left alone. */
bool variables_check(const struct run *run, enum command_id command, struct error *err);

#endif
