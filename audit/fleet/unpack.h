/* Snapshot trees of a tar file, unpacked one at a time into a private directory that is gone
 * afterwards. Nothing that a tar file names leads out of it. */
#ifndef HEADROOM_AUDIT_FLEET_UNPACK_H
#define HEADROOM_AUDIT_FLEET_UNPACK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"

enum {
	UNPACK_TREE_BYTES_MAX = 512 * 1024 * 1024,
	UNPACK_TREE_FILES_MAX = 200000,
	UNPACK_DEPTH_MAX = 64
};

struct unpack {
	const char *path; /* of the directory; NULL: none was made */
	int directory;    /* -1 */
	size_t bytes, files;
};

/* Where the temporary files of this run go: TMPDIR, else /tmp. */
const char *unpack_place(void);

#define UNPACK_NONE     \
	(struct unpack)     \
	{                   \
		.directory = -1 \
	}

/* A new, empty directory. */
bool unpack_open(struct arena *arena, struct unpack *ret, struct error *err);
/* Deletes it and all that is in it. */
void unpack_close(struct unpack *unpack);

/* Returns a path that a tar file names, without "./" in front and "/" at the end. NULL if it is
 * absolute, or has "..", an empty part or too many parts. */
const char *unpack_clean_path(struct arena *arena, const char *path);

struct unpack_member {
	char kind;        /* F file, D directory, L symbolic link */
	const char *path; /* clean, below the tree */
	const char *bytes;
	size_t length;
};

bool unpack_put(struct unpack *unpack, const struct unpack_member *member, struct error *err);

#endif
