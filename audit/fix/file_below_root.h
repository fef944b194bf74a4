/* Files below a root directory ("/" or another) for --apply and --undo. They are read with their
 * attributes, replaced completely or not at all, and flushed to disk. Symbolic links cannot lead
 * out of the root; a file that is itself a link is refused. Paths begin with "/", which is the
 * root. */
#ifndef HEADROOM_AUDIT_FIX_FILE_BELOW_ROOT_H
#define HEADROOM_AUDIT_FIX_FILE_BELOW_ROOT_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <time.h>

#include "base/arena.h"
#include "base/error.h"

/* A file: its bytes, which may have any values, and its attributes. */
struct content {
	bool exists;
	const char *bytes;
	size_t length;
	mode_t mode;
	uid_t uid;
	gid_t gid;
	struct timespec modified;
};

/* Opens the root; returns -1 with err. */
int file_below_root_open(const char *path, struct error *err);
/* Reads the file. If it does not exist, content->exists is false, its bytes are "", and that is no
 * error. Returns false with err for symbolic links, for anything else that is not a regular file,
 * and above 1 MiB. */
bool file_below_root_read(int root,
		struct arena *arena,
		const char *path,
		struct content *ret_content,
		struct error *err);
/* Replaces the file in one step, or returns false with err and leaves it unchanged. The mode is
 * always that of `content`; owner and time only with keep_attributes. */
bool file_below_root_write(int root,
		struct arena *arena,
		const char *path,
		const struct content *content,
		bool keep_attributes,
		struct error *err);
/* Restores the file with all attributes from `content`, or removes it if that does not exist. false
 * with err. */
bool file_below_root_restore(int root,
		struct arena *arena,
		const char *path,
		const struct content *content,
		struct error *err);
/* Removes the temporary file that a killed file_below_root_write() left. */
void file_below_root_clear(int root, struct arena *arena, const char *path);
/* Removes the file. A missing file is no error. false with err. */
bool file_below_root_remove(int root, struct arena *arena, const char *path, struct error *err);
/* Gives mode and owner of a directory; returns false if it does not exist. */
bool directory_below_root_look(int root, const char *path, struct content *ret_content);
bool directory_below_root_exists(int root, const char *path);
/* Creates one directory. An existing one is no error. false with err. */
bool directory_below_root_make(int root,
		struct arena *arena,
		const char *path,
		mode_t mode,
		struct error *err);
/* Removes a directory if it is empty; otherwise leaves it. */
void directory_below_root_remove(int root, struct arena *arena, const char *path);
/* Returns a descriptor of the directory, for locking; -1 with err. */
int directory_below_root_open(int root, const char *path, struct error *err);

#endif
