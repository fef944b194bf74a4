/* Files of URLs, as siege reads them: which hosts they name. */
#ifndef HEADROOM_PROBES_PLAN_TOOL_TARGETS_H
#define HEADROOM_PROBES_PLAN_TOOL_TARGETS_H

#include "probes/plan/plan.h"

/* Sets the destinations, and plan->tls if all of them are encrypted; err names the line. A URL per
 * line, # comments, NAME=VALUE lines. A text without a target is an error. */
bool targets_read(struct plan *plan, const char *text, const char *from, struct error *err);

#endif
