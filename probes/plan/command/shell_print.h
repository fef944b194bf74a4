/* What simple commands of a script print and write, as far as that is known without running them.
 */
#ifndef HEADROOM_PROBES_PLAN_COMMAND_SHELL_PRINT_H
#define HEADROOM_PROBES_PLAN_COMMAND_SHELL_PRINT_H

#include "probes/plan/command/shell.h"
#include "probes/plan/command/wrappers.h"

/* What the commands in $(…) print; NULL if that is only known when they run. */
const char *shell_printed(struct peel *peel, const struct shell_command *commands, size_t count);
/* What one command writes to its standard output, with its newlines: for echo, printf, cat and seq.
 * NULL if that is only known when it runs, or with err if it names a file that does not exist. */
const char *shell_written(struct peel *peel,
		const struct shell_command *command,
		struct error *err);
/* Keeps in mind what a pipeline leaves in the file that its last command names. */
void shell_keep_written(struct peel *peel, const struct shell_command *commands, size_t count);

#endif
