/* Reads inside the network namespace of another process. */
#ifndef HEADROOM_PROBES_HOST_NAMESPACE_H
#define HEADROOM_PROBES_HOST_NAMESPACE_H

#include <stdbool.h>

#include "base/error.h"

struct namespace
{
	int own_fd;     /* descriptor to return with; -1: never left, or no way back */
	bool in_userns; /* entered through its user namespace */
};
#define NAMESPACE_NONE ((struct namespace){.own_fd = -1, .in_userns = false})

/* Enters the network namespace of `pid` unless it is the current one. That of a rootless container
 * is entered through its user namespace, without a way back. Without permission stays in the
 * current namespace and sets *ret_denied. *namespace must be NAMESPACE_NONE. Returns false with err
 * only if the way back cannot be kept open. */
bool namespace_enter(struct namespace *namespace, int pid, bool *ret_denied, struct error *err);
bool namespace_leave(struct namespace *namespace, struct error *err);

#endif
