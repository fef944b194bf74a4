/* Moves the worker out of the host, into private namespaces. */
#ifndef HEADROOM_PROBES_STRESS_ISOLATE_H
#define HEADROOM_PROBES_STRESS_ISOLATE_H

#include <netinet/in.h>
#include <stdbool.h>

#include "probes/stress/worker.h"

/* Puts this process into a fresh network namespace (and into a user namespace, where it lacks the
 * right to make one), brings lo up and copies the target's settings. False: not possible here; the
 * reason has been reported. */
bool isolate(struct worker *worker);

/* Why a namespace was refused with this errno, and the way out. restricted: AppArmor keeps users
 * other than root from it (kernel.apparmor_restrict_unprivileged_userns is 1). */
const char *isolate_hint(int error, bool restricted);

/* The next child of this process becomes the first of a new PID namespace. False: not possible
 * here; the reason has been reported. */
bool isolate_pids(struct worker *worker);

/* Adds an address to the sandbox's lo. Returns 0 or an errno. */
int isolate_address(const struct sockaddr_storage *address);

#endif
