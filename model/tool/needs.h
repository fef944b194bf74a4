/* What a tool needs for itself, for plans that no command line was read for: ready workloads, plan
 * files, flags with --tool. The numbers are those of its rule, so that they stand in one place. */
#ifndef HEADROOM_MODEL_TOOL_NEEDS_H
#define HEADROOM_MODEL_TOOL_NEEDS_H

#include "model/load/workload.h"
#include "model/rule.h"

/* Fills in memory and descriptors of the plan's tool where the plan does not say them, as far as
 * the rule has one number for every command. To be called before the plan is completed. */
void tool_needs_complete(const struct rules *rules, struct workload *workload);

#endif
