/* Which sysctls a container or a pod accepts, and what to say about one that it refuses. */
#ifndef HEADROOM_MODEL_LINT_SCOPE_H
#define HEADROOM_MODEL_LINT_SCOPE_H

#include "model/lint/lint.h"
#include "model/lint/tree.h"

/* Checks the "sysctls" of a container. `settings` is a map, or a list of "name=value" or {name,
 * value}. */
void lint_check_sysctls(struct lint_scan *scan, const struct node *settings, bool on_host_network);

#endif
