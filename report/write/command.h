/* Commands on a page, so that copying them gives the same command. */
#ifndef HEADROOM_REPORT_WRITE_COMMAND_H
#define HEADROOM_REPORT_WRITE_COMMAND_H

#include <cjson/cJSON.h>
#include <stddef.h>

#include "base/arena.h"

/* A command of a document ("words") as one line for a POSIX shell. If it has characters that
 * cannot be shown exactly, it becomes a comment that says so, because only the exact command may
 * be pasted. */
const char *command_shown(struct arena *arena, const cJSON *command);

struct command_place {
	const char *rest; /* begins the lines after the first; what is continued gets two blanks more */
	size_t at;        /* the column in which the first line begins */
	size_t width;
};

/* Commands, a line each, broken only between two words, with a backslash; a word that is wider than
 * the place stays whole. */
const char *command_fold(struct arena *arena, const char *lines, const struct command_place *place);

#endif
