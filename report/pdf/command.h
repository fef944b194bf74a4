/* Commands and lines of files on a page: what is copied from it must still be what it was. */
#ifndef HEADROOM_REPORT_PDF_COMMAND_H
#define HEADROOM_REPORT_PDF_COMMAND_H

#include <stddef.h>

#include "base/arena.h"

/* The command broken between two words, with a backslash, so that lines have at most so many
 * columns; a longer word stays whole. */
const char *command_fold(struct arena *arena, const char *line, size_t columns);

/* Columns of the longest line. */
size_t command_columns(const char *text);

#endif
