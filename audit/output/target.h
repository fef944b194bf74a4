/* An output file that is either complete or not there. It is written without a name, or under a
 * temporary name in the same directory, and then renamed. What is not a regular file (/dev/stdout,
 * a FIFO, /dev/full) is written through; a symbolic link's target is replaced, not the link. What
 * is replaced hands down its mode, owner and access list.
 *
 * In a directory like /tmp, where anybody may put a name, somebody else's link, FIFO or file is
 * refused, as fs.protected_symlinks, protected_fifos and protected_regular do (fs/namei.c). */
#ifndef HEADROOM_AUDIT_OUTPUT_TARGET_H
#define HEADROOM_AUDIT_OUTPUT_TARGET_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"

struct target {
	const char *shown;     /* as the user wrote it, for messages */
	int directory;         /* what `name` and `temporary` are in; -1: a descriptor was given */
	const char *name;      /* with symbolic links followed */
	const char *temporary; /* NULL: written through, or without a name so far */
	bool direct;           /* written through */
	bool replaces;         /* a regular file of this name is there */
	int fd;                /* -1 after commit or discard */
};

/* Returns the path with symbolic links followed and the real name of its directory, for comparing
 * two paths. */
const char *target_resolve(struct arena *arena, const char *path);

/* Opens for writing. The arena keeps the names. On failure nothing is left behind. */
bool target_open(struct arena *arena,
		const char *path,
		struct target *ret_target,
		struct error *err);
/* The same for a path that somebody else chose (open_is_below()): a new or a regular file below the
 * current directory, without links on the way. */
bool target_open_below(struct arena *arena,
		const char *path,
		struct target *ret_target,
		struct error *err);
/* The target of a descriptor that is open already (standard output). */
bool target_from_fd(int fd, const char *shown, struct target *ret_target, struct error *err);
/* On a descriptor that was given, a reader that went away is no error. */
bool target_write(struct target *target, const char *bytes, size_t length, struct error *err);
/* Puts it in place. On failure it is discarded and what was there before stays. */
bool target_commit(struct arena *arena, struct target *target, struct error *err);
void target_discard(struct target *target);

#endif
