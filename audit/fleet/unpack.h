/* Unpacks snapshot trees of a tar file, one at a time, into a private directory that is deleted
 * afterwards. No name in a tar file can lead out of it. */
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
	const char *path; /* path of the directory; NULL: not created */
	int directory;    /* descriptor of the directory; -1: not created */
	size_t bytes, files;
};

/* Returns where this run's temporary files go: TMPDIR, or else /tmp. */
const char *unpack_place(void);

#define UNPACK_NONE     \
	(struct unpack)     \
	{                   \
		.directory = -1 \
	}

/* Creates an empty directory. false with err. */
bool unpack_open(struct arena *arena, struct unpack *ret, struct error *err);
/* Deletes the directory and everything in it. */
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
