/* Predicts what simple commands of a script print and write, as far as possible without running
 * them. */
#ifndef HEADROOM_PROBES_PLAN_COMMAND_SHELL_PRINT_H
#define HEADROOM_PROBES_PLAN_COMMAND_SHELL_PRINT_H

#include "probes/plan/command/shell.h"
#include "probes/plan/command/wrappers.h"

/* Returns what the commands in $(…) print, or NULL if that is only known when they run. */
const char *shell_printed(struct peel *peel, const struct shell_command *commands, size_t count);
/* Returns the standard output of one command with its newlines, for echo, printf, cat and seq.
 * Returns NULL if it is only known when the command runs, or with err if it names a missing
 * file. */
const char *shell_written(struct peel *peel,
		const struct shell_command *command,
		struct error *err);
/* Remembers what a pipeline writes to the file that its last command names. */
void shell_keep_written(struct peel *peel, const struct shell_command *commands, size_t count);

#endif
