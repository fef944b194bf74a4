/* Identifies the version of a program, or of a file that a command names, by its content. */
#ifndef HEADROOM_AUDIT_RUN_PROGRAM_H
#define HEADROOM_AUDIT_RUN_PROGRAM_H

#include "base/arena.h"

/* Returns the SHA-256 of the size and of the first and last MiB of a regular file, in hexadecimal.
 * NULL if there is no such file or it cannot be read. */
const char *program_file_digest(struct arena *arena, const char *path);
/* The same for files that everybody may read, and NULL for others: the digest of a secret reveals
 * too much. */
const char *program_open_file_digest(struct arena *arena, const char *path);
/* The same for the program that a command's first word starts: a path, or a name in PATH. */
const char *program_digest(struct arena *arena, const char *word);

#endif
