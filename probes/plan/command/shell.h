/* Splits a shell's text into the simple commands that it would run, strictly: what is not
 * understood is an error that names the place. Executes nothing.
 *
 * A line (`program` false) is read word by word: quotes, escapes, variables that are set, pipes and
 * lists. A program may also have loops, functions, subshells, here-documents and $(…). Its loops
 * are unrolled and its functions put where they are called. What only its run can tell (a date, the
 * answer of a program) leaves a mark in the word that needs it, so that it matters only where it is
 * used. */
#ifndef HEADROOM_PROBES_PLAN_COMMAND_SHELL_H
#define HEADROOM_PROBES_PLAN_COMMAND_SHELL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"
#include "model/result.h"

enum {
	SHELL_TEXT_MAX = 64 * 1024,
	SHELL_COMMANDS_MAX = 1024
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
	const char *input;            /* <<< TEXT with its newline, or a here-document */
	const char *output_path;      /* > FILE or >> FILE, of standard output */
	bool appends;                 /* >> */
	bool background;              /* the next command does not wait for it */
	bool maybe;                   /* an if, a case or a loop decides whether it runs */
	bool repeats;                 /* in a loop whose number of turns is not known */
	unsigned level;               /* in how many subshells it is */
	const char *cwd;              /* cd: where it runs; NULL: where the shell was started */
	size_t at;                    /* where it begins in the text, from 0 */
};

/* Where a text ends by itself, and what of its arguments was asked before. */
struct shell_end {
	bool exits, asks;
	size_t exit_at, asked_at;
};

/* What the text may ask of the world. `context` is for the callbacks. */
struct shell_world {
	const void *context;
	/* The value of a variable, or NULL if it is not set. */
	const char *(*variable)(const void *context, const char *name);
	/* What the commands in $(…) print, without newlines at the end; NULL if that is only known
	 * when they run, or if there is no such function. */
	const char *(*output)(const void *context, const struct shell_command *commands, size_t count);
	/* Is this a load test? NULL: none is. One in $(…) then counts as a command of the text. */
	bool (*loads)(const void *context, const struct shell_command *command);
	/* The text of a file that the shell reads for itself (source FILE), found from `cwd`; NULL: it
	 * is not here. No such function: source is refused. */
	const char *(*source)(const void *context, const char *path, const char *cwd);
	bool program;
	const char *const *arguments; /* $0, $1, … */
	size_t argument_count;
	struct shell_end *end; /* filled in; or NULL */
};

/* Without world->end, ret_commands has at least one entry on success. */
bool shell_read(struct arena *arena,
		const char *text,
		const struct shell_world *world,
		struct shell_command **ret_commands,
		size_t *ret_count,
		struct error *err);

/* Word `index` of a command; "" where it has fewer. */
const char *shell_word_at(const struct shell_command *command, size_t index);
/* Does a word of a command contain something that is only known when it runs? */
bool shell_is_open(const char *word);
/* Says so in err if one of its words does: what it is, and that it decides the plan. True if none
 * does. */
bool shell_check_known(struct arena *arena,
		const char *text,
		const struct shell_command *command,
		struct error *err);

#endif
