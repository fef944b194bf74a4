/* Commands on a page that stay the same when they are copied. */
#ifndef HEADROOM_REPORT_WRITE_COMMAND_H
#define HEADROOM_REPORT_WRITE_COMMAND_H

#include <cjson/cJSON.h>
#include <stddef.h>

#include "base/arena.h"

/* Returns a command of a document ("words") as one line for a POSIX shell. If it has characters
 * that cannot be shown exactly, returns a comment that says so: only the exact command may be
 * pasted. */
const char *command_shown(struct arena *arena, const cJSON *command);

struct command_place {
	const char *rest; /* begins the lines after the first; a continued line gets two more blanks */
	size_t at;        /* the column in which the first line begins */
	size_t width;
};

/* Returns the commands, one per line, broken only between two words with a backslash. A word that
 * is too wide stays whole. */
const char *command_fold(struct arena *arena, const char *lines, const struct command_place *place);

#endif
