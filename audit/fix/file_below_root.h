/* Files below a root directory, "/" or another, for --apply and --undo: read whole with their
 * attributes, put in place whole or not at all, flushed to disk. Symbolic links cannot lead out of
 * the root; a target that is a link is refused. Paths begin with "/" and are taken below the root.
 */
#ifndef HEADROOM_AUDIT_FIX_FILE_BELOW_ROOT_H
#define HEADROOM_AUDIT_FIX_FILE_BELOW_ROOT_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <time.h>

#include "base/arena.h"
#include "base/error.h"

struct content {
	bool exists;
	const char *bytes;
	size_t length;
	mode_t mode;
	uid_t uid;
	gid_t gid;
	struct timespec modified;
};

/* What writing leaves behind when it is killed half-way: PATH with this added. */
#define PLACE_SUFFIX ".headroom-new"

/* Opens the root; -1 with err. */
int file_below_root_open(const char *path, struct error *err);
bool file_below_root_read(int root,
		struct arena *arena,
		const char *path,
		struct content *ret_content,
		struct error *err);
/* With the attributes in `content`; owner and time are set where keep_attributes is. */
bool file_below_root_write(int root,
		struct arena *arena,
		const char *path,
		const struct content *content,
		bool keep_attributes,
		struct error *err);
/* Clears only what a kill left beside the file. */
void file_below_root_clear(int root, struct arena *arena, const char *path);
bool file_below_root_remove(int root, struct arena *arena, const char *path, struct error *err);
bool directory_below_root_exists(int root, const char *path);
bool directory_below_root_make(int root,
		struct arena *arena,
		const char *path,
		mode_t mode,
		struct error *err);
/* Removes a directory if it is empty; otherwise leaves it. */
void directory_below_root_remove(int root, struct arena *arena, const char *path);
/* A descriptor of the directory, for locking; -1 with err. */
int directory_below_root_open(int root, const char *path, struct error *err);

#endif
