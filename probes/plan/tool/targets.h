/* Files of URLs in siege's format: which hosts they name. */
#ifndef HEADROOM_PROBES_PLAN_TOOL_TARGETS_H
#define HEADROOM_PROBES_PLAN_TOOL_TARGETS_H

#include "probes/plan/plan.h"

/* Sets the destinations, and plan->tls if all are encrypted. The text has one URL per line,
 * comments after # and NAME=VALUE lines, and must have at least one URL. false with err, which
 * names the line. */
bool targets_read(struct plan *plan, const char *text, const char *from, struct error *err);

#endif
