/* Which version of a program, or of a file that a command names, was there: by what is in it. */
#ifndef HEADROOM_AUDIT_RUN_PROGRAM_H
#define HEADROOM_AUDIT_RUN_PROGRAM_H

#include "base/arena.h"

/* SHA-256 of the size, the first and the last MiB of a regular file, in hexadecimal; NULL if there
 * is no such file or it cannot be read. */
const char *program_file_digest(struct arena *arena, const char *path);
/* The same of a file that anybody may read: a digest of a secret says too much of it. */
const char *program_open_file_digest(struct arena *arena, const char *path);
/* The same of the program that a command's first word starts: a path, or a name in PATH. */
const char *program_digest(struct arena *arena, const char *word);

#endif
