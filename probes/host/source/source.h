/* Where raw texts come from: the live machine, a snapshot tree or the image of a system, each under
 * one root directory. Paths have no leading slash. "proc/self/…" is the process whose limits count,
 * "proc/net/…" its network namespace. Reads are bounded, and nothing outside a tree is ever opened.
 * Does not interpret the texts. */
#ifndef HEADROOM_PROBES_HOST_SOURCE_SOURCE_H
#define HEADROOM_PROBES_HOST_SOURCE_SOURCE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"

struct source;

/* In the ORIGIN of snapshots since 0.2. */
#define SOURCE_ORIGIN_LINE "snapshot: 2"

enum {
	SOURCE_FILE_MAX = 1024 * 1024,
	SOURCE_LINES_MAX = 256 * 1024 * 1024, /* about two million sockets of /proc/net/tcp */
	SOURCE_LINK_MAX = 512,
	SOURCE_NAMES_MAX = 4096,
	/* In addition to errnos: the snapshot lacks the file, and nothing says that the host did,
	 * too. */
	SOURCE_NOT_COLLECTED = 0x4e43,
	SOURCE_NO_PROCESS = -1
};

/* Open the live machine or a snapshot. `pid`: the vantage process; 0: this one; SOURCE_NO_PROCESS:
 * it does not run, and reading it gives ENODATA. NULL with err. Free with source_close. */
struct source *source_live(struct arena *arena, int pid, struct error *err);
struct source *source_snapshot(struct arena *arena, const char *dir, struct error *err);
/* Opens the root directory of a system that does not run: a file that is not there does not exist.
 * Directories that a kernel fills (proc/, sys/, dev/) or that start empty at boot (run/) are not
 * read, because they would show this machine. NULL with err. */
struct source *source_image(struct arena *arena, const char *dir, struct error *err);
/* Reads the files of a live machine below `dir` from now on, which is where a container has its
 * node's root directory; "proc/" and "sys/" stay this kernel's. `dir` must be the root directory of
 * process 1. false with err. */
bool source_files_below(struct source *source, const char *dir, struct error *err);
/* Returns true if "sys/fs/cgroup/" is also read below `dir`: the node's mount, which shows all
 * groups. */
bool source_has_node_groups(const struct source *source);
/* The vantage process does not run: what a snapshot says about one belongs to another process. */
void source_of_nobody(struct source *source);
void source_close(struct source *source);
bool source_is_live(const struct source *source);

/* Keeps a copy of what is read below this directory from now on; the caller keeps owning the
 * descriptor. Errors of reading go into the MANIFEST, which source_finish_record writes. */
void source_record_to(struct source *source, int directory_fd);
bool source_finish_record(struct source *source, struct error *err);
bool source_keeps(const struct source *source); /* a snapshot is being recorded */
/* Keeps these bytes as the file `path`, if a snapshot is being recorded. */
void source_keep(struct source *source, const char *path, const char *bytes, size_t length);
/* Records in the MANIFEST that `path` could not be read or does not exist. */
void source_keep_error(struct source *source, const char *path, int error);
/* Returns the errno in a snapshot's MANIFEST for `path`; 0: none. */
int source_manifest_error(const struct source *source, const char *path);

/* Returns true for a snapshot of headroom 0.1, which did not have all files of today. */
bool source_is_of_first_release(const struct source *source);

/* Returns a descriptor with O_CLOEXEC that the caller closes, or -1 with errno. */
int source_open(struct source *source, const char *path, int flags);

/* All of these return 0, SOURCE_NOT_COLLECTED or an errno: ENOENT the file does not exist, EFBIG it
 * is larger than SOURCE_FILE_MAX, EILSEQ a text has a NUL byte. The bytes end with a NUL that is
 * not counted, and are valid until the next read. */
int source_read(struct source *source, const char *path, const char **ret_text, size_t *ret_length);
/* The same inside the root directory of the vantage process, which may be a different one. No link
 * leads out of it. */
int source_read_in_root(struct source *source,
		const char *path,
		const char **ret_text,
		size_t *ret_length);
/* The same for content that the caller filters before keeping it: no copy is kept, and NUL bytes
 * are allowed. */
int source_read_bytes(struct source *source,
		const char *path,
		const char **ret_bytes,
		size_t *ret_length);
/* Reads the first bytes of a file that may be long and expensive (cpuinfo). A copy is kept. */
int source_read_head(struct source *source,
		const char *path,
		size_t max,
		const char **ret_text,
		size_t *ret_length);
/* Passes a file of at most SOURCE_LINES_MAX bytes (else EFBIG) line by line, without newlines. No
 * copy is kept. Lines longer than 4,095 bytes come in pieces. */
int source_lines(struct source *source,
		const char *path,
		void (*each)(void *context, char *line),
		void *context);

/* Gives the sorted names in a directory, without "." and "..", at most SOURCE_NAMES_MAX. *ret_more
 * (may be NULL) is true if there are more. */
int source_list(struct source *source,
		const char *path,
		const char *const **ret_names,
		size_t *ret_count,
		bool *ret_more);
/* Gives the PIDs in proc/ in the kernel's order, at most `max`. */
int source_pids(struct source *source,
		unsigned max,
		const int **ret_pids,
		size_t *ret_count,
		bool *ret_more);
/* Reads the target of a symbolic link; EINVAL: it is not a link. The link is kept. */
int source_link(struct source *source, const char *path, char target[SOURCE_LINK_MAX]);
bool source_exists(struct source *source, const char *path);
/* Returns 0, or the errno that says why it is not there. */
int source_look(struct source *source, const char *path);
/* Live only: gives the size of a file. Returns false if it does not exist. */
bool source_size(struct source *source, const char *path, double *ret_bytes);
/* Live only: returns true if the file exists and its size is 0. */
bool source_size_is_zero(struct source *source, const char *path);

/* Returns the path with which to repeat the reading by hand, such as "/proc/sys/fs/file-max", in
 * the arena. */
const char *source_where(struct source *source, const char *path);

#endif
