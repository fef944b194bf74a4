/* Load test tools whose command lines are read by rules (kind "tool", model/tool/tool.h): finds the
 * rule for a command and derives the plan. */
#ifndef HEADROOM_PROBES_PLAN_DATA_DATA_H
#define HEADROOM_PROBES_PLAN_DATA_DATA_H

#include "model/rule.h"
#include "probes/plan/plan.h"

/* Returns the rule for a command without wrappers; *ret_words is how many of its words name the
 * program ("fortio load": 2). Rules of users come before built-in ones. NULL if there is none;
 * *ret_near is then a tool of the same program that is called differently ("fortio server"), or
 * NULL. */
const struct tool_rule *data_tool_of(const struct plan_context *context,
		const struct plan_command *command,
		size_t *ret_words,
		const struct tool_rule **ret_near);
/* Returns true if there is a rule for the command. */
bool data_knows(const struct plan_context *context, const struct plan_command *command);
/* Returns the program that a container image with this name starts by itself, or NULL. */
const char *data_program_of_image(const struct plan_context *context, const char *image);
/* Returns true if the image, ignoring registry and tag, is the named one. */
bool data_is_image(const char *image, const char *name);
/* Returns the rules of this run. */
const struct rules *data_rules(const struct plan_context *context);

/* Derives the plan like read() of struct plan_reader. `words`: how many words of the command name
 * the program. */
bool data_read(const struct tool_rule *tool,
		size_t words,
		const struct plan_context *context,
		const struct plan_command *command,
		struct plan *plan,
		struct error *err);

#endif
