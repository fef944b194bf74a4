/* What a tool needs for itself, for plans without a command line: presets, plan files, flags with
 * --tool. The numbers come from the tool's rule, so that each is written in one place only. */
#ifndef HEADROOM_MODEL_TOOL_NEEDS_H
#define HEADROOM_MODEL_TOOL_NEEDS_H

#include "model/load/workload.h"
#include "model/rule.h"

/* Fills in memory and descriptors of the plan's tool where the plan does not say them, as far as
 * the rule has one number for every command. To be called before the plan is completed. */
void tool_needs_complete(const struct rules *rules, struct workload *workload);

#endif
