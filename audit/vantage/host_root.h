/* --host-root: a container that audits the node it runs on. The node's root directory is mounted in
 * it, and it shares the node's process and network namespaces. */
#ifndef HEADROOM_AUDIT_VANTAGE_HOST_ROOT_H
#define HEADROOM_AUDIT_VANTAGE_HOST_ROOT_H

#include "audit/cli/options.h"
#include "base/error.h"
#include "model/result.h"

/* Does nothing without --host-root. Chooses process 1 if no process was named. Returns false with
 * err if another option cannot be combined with it. */
bool host_root_take(enum command_id command, struct options *options, struct error *err);

/* Returns a finding that says whose limits are judged if no process was named. Its texts are in the
 * arena. */
struct finding host_root_finding(struct arena *arena, const struct options *options);
bool host_root_has_finding(const struct options *options);

#endif
