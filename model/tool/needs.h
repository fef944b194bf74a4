/* Memory and descriptors that a tool itself needs, for plans without a command line: presets, plan
 * files, flags with --tool. The numbers come from the tool's rule, so that each is written in one
 * place only. */
#ifndef HEADROOM_MODEL_TOOL_NEEDS_H
#define HEADROOM_MODEL_TOOL_NEEDS_H

#include "model/load/workload.h"
#include "model/rule.h"

/* Fills in these fields if the plan does not give them and the rule has one number for every
 * command. Call it before completing the plan. */
void tool_needs_complete(const struct rules *rules, struct workload *workload);

#endif
