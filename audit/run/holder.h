/* Whose limits are judged: the process that the options name, or the one that the plan's command
 * starts. */
#ifndef HEADROOM_AUDIT_RUN_HOLDER_H
#define HEADROOM_AUDIT_RUN_HOLDER_H

#include "audit/run/pipeline.h"
#include "model/layer/holder.h"

/* Texts live in the facts' arena. */
struct limit_holder run_holder(const struct pipeline *pipeline);

/* Is the process in another namespace of this kind ("net", "mnt") than this program? false: it is
 * gone, or may not be asked. */
bool holder_differs_in(int pid, const char *kind);

#endif
