/* Examples of tools: the plan that a command makes. */
#ifndef HEADROOM_AUDIT_RULES_EXAMPLE_COMMAND_H
#define HEADROOM_AUDIT_RULES_EXAMPLE_COMMAND_H

#include "audit/rules/rules.h"

/* What is made of the example's command, with its "workload" for the user's flags and its "files"
 * for those that the command names: {"tool", "workload", "findings", "asks"}, or {"error"}. A
 * host with two processors. NULL with err: the example itself is wrong. */
cJSON *example_command(struct arena *arena,
		const struct rules *rules,
		const struct rule_example *example,
		struct error *err);

#endif
