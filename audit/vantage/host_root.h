/* --host-root: a container that audits the node it runs on. The node's root directory is mounted in
 * it, and it shares the node's process and network namespaces. */
#ifndef HEADROOM_AUDIT_VANTAGE_HOST_ROOT_H
#define HEADROOM_AUDIT_VANTAGE_HOST_ROOT_H

#include "audit/cli/options.h"
#include "base/error.h"
#include "model/result.h"

/* Where --host-root is given: refuses what does not go with it, and takes process 1 where no other
 * was named. */
bool host_root_take(enum command_id command, struct options *options, struct error *err);

/* Whose limits are judged where no process was named. Its texts live in the arena. */
struct finding host_root_finding(struct arena *arena, const struct options *options);
bool host_root_has_finding(const struct options *options);

#endif
