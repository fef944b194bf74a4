/* Splits what stands after `sh -c` into simple commands, as a POSIX shell would, and strictly:
 * quotes, escapes, variables that are set, pipes and lists. Substitutions, loops, globs, background
 * jobs and whatever else would have to be executed to be known are errors that name the place.
 * Executes nothing. */
#ifndef HEADROOM_PROBES_PLAN_COMMAND_SHELL_H
#define HEADROOM_PROBES_PLAN_COMMAND_SHELL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"
#include "model/result.h"

enum {
	SHELL_TEXT_MAX = 64 * 1024,
	SHELL_COMMANDS_MAX = 64
};

enum shell_join {
	SHELL_THEN,
	SHELL_AND,
	SHELL_OR,
	SHELL_PIPE
}; /* to the command before */

struct shell_command {
	enum shell_join join;
	struct name_list assignments; /* "NAME=VALUE" in front of the words */
	struct name_list words;       /* empty: assignments alone, which set variables of the shell */
	const char *input_path;       /* < FILE */
	const char *input;            /* <<< TEXT, with its newline */
	size_t at;                    /* where it begins in the text, from 0 */
};

/* The value of a variable, or NULL if it is not set. */
typedef const char *shell_variable_fn(const void *context, const char *name);

/* ret_commands has at least one entry on success. */
bool shell_read(struct arena *arena,
		const char *text,
		shell_variable_fn *variable,
		const void *context,
		struct shell_command **ret_commands,
		size_t *ret_count,
		struct error *err);

#endif
