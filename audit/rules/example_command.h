/* Examples of tools: the plan that a command makes. */
#ifndef HEADROOM_AUDIT_RULES_EXAMPLE_COMMAND_H
#define HEADROOM_AUDIT_RULES_EXAMPLE_COMMAND_H

#include "audit/rules/rules.h"

/* Reads the example's command on a host with two processors. The example's "workload" stands for
 * the user's flags, and its "files" for those that the command names. Returns {"tool", "workload",
 * "findings", "asks"}, or {"error"}. NULL with err if the example itself is wrong. */
cJSON *example_command(struct arena *arena,
		const struct rules *rules,
		const struct rule_example *example,
		struct error *err);

#endif
