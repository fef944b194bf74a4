/* Splits shell text into the simple commands that it would run. Strict: anything not understood is
 * an error that names its place. Executes nothing.
 *
 * A line (`program` false) has words, quotes, escapes, set variables, pipes and lists. A program
 * may also have loops, which are unrolled, functions, which are put where they are called,
 * subshells, here-documents and $(…). A value that is only known when the script runs (a date, a
 * program's answer) leaves a mark in its word, so that it matters only where it is used. */
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
}; /* how it follows the previous command */

struct shell_command {
	enum shell_join join;
	struct name_list assignments; /* "NAME=VALUE" in front of the words */
	struct name_list words;       /* empty: only assignments, which set variables of the shell */
	const char *input_path;       /* < FILE */
	const char *input;            /* <<< TEXT with its newline, or a here-document; NULL: none */
	const char *output_path;      /* > FILE or >> FILE, of standard output */
	bool appends;                 /* >> */
	bool background;              /* the next command does not wait for it */
	bool maybe;                   /* runs only if an if, a case or a loop decides so */
	bool repeats;                 /* in a loop with an unknown number of rounds */
	unsigned level;               /* nesting of subshells */
	const char *cwd;              /* directory after cd; NULL: where the shell was started */
	size_t at;                    /* byte offset where it begins in the text */
};

/* Whether the text ends by exit, and whether it read its arguments before. */
struct shell_end {
	bool exits, asks;
	size_t exit_at, asked_at;
};

/* What the text may use from outside. `context` is passed to the callbacks. */
struct shell_world {
	const void *context;
	/* Returns the value of a variable, or NULL if it is not set. */
	const char *(*variable)(const void *context, const char *name);
	/* Returns the output of the commands in $(…) without newlines at the end, or NULL if it is only
	 * known when they run. The callback may be NULL. */
	const char *(*output)(const void *context, const struct shell_command *commands, size_t count);
	/* Returns true for a load test; one in $(…) then counts as a command of the text. NULL: there
	 * are no load tests. */
	bool (*loads)(const void *context, const struct shell_command *command);
	/* Returns the text of a file that the shell reads itself (source FILE), relative to `cwd`, or
	 * NULL if it is not here. If the callback is NULL, source is refused. */
	const char *(*source)(const void *context, const char *path, const char *cwd);
	bool program;
	const char *const *arguments; /* $0, $1, … */
	size_t argument_count;
	struct shell_end *end; /* filled in; may be NULL */
};

/* Splits the text. Returns false with err. On success there is at least one command, unless
 * world->end is given. */
bool shell_read(struct arena *arena,
		const char *text,
		const struct shell_world *world,
		struct shell_command **ret_commands,
		size_t *ret_count,
		struct error *err);

/* Returns word `index` of a command, or "" if it has fewer. */
const char *shell_word_at(const struct shell_command *command, size_t index);
/* Returns true if the word contains something that is only known when the script runs. */
bool shell_is_open(const char *word);
/* Returns false with err if a word of the command does: err says what it is, and that it decides
 * the plan. */
bool shell_check_known(struct arena *arena,
		const char *text,
		const struct shell_command *command,
		struct error *err);

#endif
