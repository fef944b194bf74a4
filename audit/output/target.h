/* An output file that is either complete or not there. It is written without a name, or under a
 * temporary name in the same directory, and then renamed. Anything but a regular file (/dev/stdout,
 * a FIFO, /dev/full) is written through. For a symbolic link its target is replaced. A new file
 * gets the mode, owner and access list of the one that it replaces.
 *
 * In a directory like /tmp, where anybody may create names, somebody else's link, FIFO or file is
 * refused, like fs.protected_symlinks, protected_fifos and protected_regular do (fs/namei.c). */
#ifndef HEADROOM_AUDIT_OUTPUT_TARGET_H
#define HEADROOM_AUDIT_OUTPUT_TARGET_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"

struct target {
	const char *shown;     /* as the user wrote it, for messages */
	int directory;         /* directory of `name` and `temporary`; -1: a descriptor was given */
	const char *name;      /* with symbolic links followed */
	const char *temporary; /* NULL: written through, or without a name so far */
	bool direct;           /* written through */
	bool replaces;         /* a regular file with this name exists */
	int fd;                /* -1 after commit or discard */
};

/* Returns the path with symbolic links followed and the real name of its directory, for comparing
 * two paths. */
const char *target_resolve(struct arena *arena, const char *path);

/* Opens a file for writing. The arena keeps the names. Returns false with err and leaves nothing
 * behind. */
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
/* Makes a target of an open descriptor (standard output). false with err. */
bool target_from_fd(int fd, const char *shown, struct target *ret_target, struct error *err);
/* Writes bytes. For a given descriptor, a reader that went away is no error. false with err. */
bool target_write(struct target *target, const char *bytes, size_t length, struct error *err);
/* Puts the file in place. Returns false with err, discards it and leaves the old file. */
bool target_commit(struct arena *arena, struct target *target, struct error *err);
void target_discard(struct target *target);

#endif
