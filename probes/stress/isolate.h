/* Moves the worker out of the host's namespaces into private ones. */
#ifndef HEADROOM_PROBES_STRESS_ISOLATE_H
#define HEADROOM_PROBES_STRESS_ISOLATE_H

#include <netinet/in.h>
#include <stdbool.h>

#include "probes/stress/worker.h"

/* Moves this process into a new network namespace (and a user namespace if it may not create one
 * otherwise), brings lo up and copies the target's settings. Returns false if that is not possible
 * here; the reason has been reported. */
bool isolate(struct worker *worker);

/* Returns why a namespace was refused with this errno, and what to do. restricted: AppArmor denies
 * it to users other than root (kernel.apparmor_restrict_unprivileged_userns is 1). */
const char *isolate_hint(int error, bool restricted);

/* Makes the next child of this process the first of a new PID namespace. Returns false if that is
 * not possible here; the reason has been reported. */
bool isolate_pids(struct worker *worker);

/* Adds an address to the sandbox's lo. Returns 0 or an errno. */
int isolate_address(const struct sockaddr_storage *address);

#endif
