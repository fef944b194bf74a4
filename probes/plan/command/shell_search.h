/* Finds the load test among the commands of a shell's text. */
#ifndef HEADROOM_PROBES_PLAN_COMMAND_SHELL_SEARCH_H
#define HEADROOM_PROBES_PLAN_COMMAND_SHELL_SEARCH_H

#include "probes/plan/command/shell.h"
#include "probes/plan/command/wrappers.h"

/* Finds the load test in the shell's text and puts it in place of peel->command. Runs of a tool
 * that follow one another are all kept there (plan_command.runs). Returns false with err if there
 * is no load test, if several run at once, or if a program beside it is not known. */
bool shell_search(struct peel *peel,
		const char *text,
		const struct shell_command *commands,
		size_t count,
		const struct shell_end *end);

#endif
