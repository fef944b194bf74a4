/* Examples of tools: the plan that a command gives. */
#ifndef HEADROOM_AUDIT_RULES_EXAMPLE_COMMAND_H
#define HEADROOM_AUDIT_RULES_EXAMPLE_COMMAND_H

#include "audit/rules/rules.h"

/* Reads the example's command on a host with two processors. The example's "workload" replaces the
 * user's flags, and its "files" those that the command names. Returns {"tool", "workload",
 * "findings", "asks"} or {"error"}. NULL with err if the example itself is wrong. */
cJSON *example_command(struct arena *arena,
		const struct rules *rules,
		const struct rule_example *example,
		struct error *err);

#endif
