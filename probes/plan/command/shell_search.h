/* Finds the load test among the commands of shell text. */
#ifndef HEADROOM_PROBES_PLAN_COMMAND_SHELL_SEARCH_H
#define HEADROOM_PROBES_PLAN_COMMAND_SHELL_SEARCH_H

#include "probes/plan/command/shell.h"
#include "probes/plan/command/wrappers.h"

/* Puts the load test found in the text in place of peel->command, with all consecutive runs of a
 * tool (plan_command.runs). Returns false with err if there is no load test, if several run at
 * once, or if a program next to it is not known. */
bool shell_search(struct peel *peel,
		const char *text,
		const struct shell_command *commands,
		size_t count,
		const struct shell_end *end);

#endif
