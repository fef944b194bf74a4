/* Leaving the host: the worker's own namespaces. */
#ifndef HEADROOM_PROBES_STRESS_ISOLATE_H
#define HEADROOM_PROBES_STRESS_ISOLATE_H

#include <netinet/in.h>
#include <stdbool.h>

#include "probes/stress/worker.h"

/* Puts this process into a fresh network namespace (and a user namespace where it has not the
 * right), lo up, the target's settings copied. false: not possible here; the reason has been told.
 */
bool isolate(struct worker *worker);

/* The next child of this process is the first of a new pid namespace. false: not possible, told. */
bool isolate_pids(struct worker *worker);

/* Adds an address to lo of the sandbox. 0 or an errno. */
int isolate_address(const struct sockaddr_storage *address);

#endif
