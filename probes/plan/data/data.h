/* Load test tools whose command lines are read by rules (kind "tool", model/tool/tool.h): which
 * rule a command belongs to, and the plan that follows. */
#ifndef HEADROOM_PROBES_PLAN_DATA_DATA_H
#define HEADROOM_PROBES_PLAN_DATA_DATA_H

#include "model/rule.h"
#include "probes/plan/plan.h"

/* The rule of a command whose wrappers are off, and how many of its words name the program
 * ("fortio load": 2). NULL: none; *ret_near is then a tool of that program that is called in
 * another way ("fortio server"), or NULL. Rules of users come before built-in ones. */
const struct tool_rule *data_tool_of(const struct plan_context *context,
		const struct plan_command *command,
		size_t *ret_words,
		const struct tool_rule **ret_near);
/* Is there one? */
bool data_knows(const struct plan_context *context, const struct plan_command *command);
/* The program that a container image of that name starts by itself, or NULL. */
const char *data_program_of_image(const struct plan_context *context, const char *image);
/* Is this image, without registry and tag, the one that is named? */
bool data_is_image(const char *image, const char *name);
/* The rules of this run. */
const struct rules *data_rules(const struct plan_context *context);

/* Derives the plan; `words` of the command name the program. As struct plan_reader's read(). */
bool data_read(const struct tool_rule *tool,
		size_t words,
		const struct plan_context *context,
		const struct plan_command *command,
		struct plan *plan,
		struct error *err);

#endif
