/* Where raw texts come from: the live machine, a snapshot tree or the image of a system, all under
 * one root directory. Paths have no leading slash. "proc/self/…" is the process whose limits count,
 * "proc/net/…" its network namespace. Reads are bounded, and from a tree nothing outside it is ever
 * opened. This code does not interpret the texts. */
#ifndef HEADROOM_PROBES_HOST_SOURCE_SOURCE_H
#define HEADROOM_PROBES_HOST_SOURCE_SOURCE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"

struct source;

/* Written to the ORIGIN of snapshots since 0.2. */
#define SOURCE_ORIGIN_LINE "snapshot: 2"

enum {
	SOURCE_FILE_MAX = 1024 * 1024,
	SOURCE_LINES_MAX = 256 * 1024 * 1024, /* some two million sockets of /proc/net/tcp */
	SOURCE_LINK_MAX = 512,
	SOURCE_NAMES_MAX = 4096,
	/* Beside the errnos: the snapshot lacks the file, and nothing says that the host did. */
	SOURCE_NOT_COLLECTED = 0x4e43,
	SOURCE_NO_PROCESS = -1
};

/* `pid`: the vantage process; 0: this one; SOURCE_NO_PROCESS: it does not run, and what would be
 * read of it is ENODATA. */
struct source *source_live(struct arena *arena, int pid, struct error *err);
struct source *source_snapshot(struct arena *arena, const char *dir, struct error *err);
/* The root of a system that does not run: what it lacks it does not have. What a kernel fills in
 * (proc/, sys/, dev/) or the next boot begins empty (run/) is not read, though it may be there: it
 * would be this machine's. */
struct source *source_image(struct arena *arena, const char *dir, struct error *err);
/* The files of a live machine are those below `dir` from now on, where a container has the root
 * directory of its node; "proc/" and "sys/" stay this kernel's. `dir` is what process 1 has as its
 * root directory. */
bool source_files_below(struct source *source, const char *dir, struct error *err);
/* "sys/fs/cgroup/" is read below `dir` as well: the node's own mount, which shows all groups. */
bool source_has_node_groups(const struct source *source);
/* The vantage process does not run: what a snapshot says of one is another's. */
void source_of_nobody(struct source *source);
void source_close(struct source *source);
bool source_is_live(const struct source *source);

/* From now on a copy of what is read is kept under this directory, whose fd stays the caller's.
 * What could not be read goes into its MANIFEST, which source_finish_record writes. */
void source_record_to(struct source *source, int directory_fd);
bool source_finish_record(struct source *source, struct error *err);
bool source_keeps(const struct source *source); /* a snapshot is being recorded */
/* Keeps these bytes as the file `path`. Does nothing unless a snapshot is being recorded. */
void source_keep(struct source *source, const char *path, const char *bytes, size_t length);
/* Notes in the MANIFEST that `path` could not be read, or does not exist. */
void source_keep_error(struct source *source, const char *path, int error);
/* The errno that the MANIFEST of a snapshot names for `path`; 0: none. */
int source_manifest_error(const struct source *source, const char *path);

/* A snapshot of headroom 0.1, which did not have all files of today. */
bool source_is_of_first_release(const struct source *source);

/* A file descriptor with O_CLOEXEC, the caller's; or -1 with errno. */
int source_open(struct source *source, const char *path, int flags);

/* All return 0, SOURCE_NOT_COLLECTED or an errno: ENOENT the file does not exist, EFBIG it is
 * larger than SOURCE_FILE_MAX, EILSEQ a NUL byte in a text. The bytes end with a NUL that is not
 * counted and are valid until the next read. */
int source_read(struct source *source, const char *path, const char **ret_text, size_t *ret_length);
/* The same for a file in the root directory that the vantage process has, which may be another one.
 * No link leads out of it. */
int source_read_in_root(struct source *source,
		const char *path,
		const char **ret_text,
		size_t *ret_length);
/* The same for what the caller filters before it keeps it: no copy is kept, and NUL bytes are
 * allowed. */
int source_read_bytes(struct source *source,
		const char *path,
		const char **ret_bytes,
		size_t *ret_length);
/* The first bytes of a file that may be long and costly (cpuinfo). Kept as read. */
int source_read_head(struct source *source,
		const char *path,
		size_t max,
		const char **ret_text,
		size_t *ret_length);
/* Line after line of a file of at most SOURCE_LINES_MAX bytes, else EFBIG; `line` has no newline.
 * Not kept. Lines longer than 4,095 bytes are passed in pieces. */
int source_lines(struct source *source,
		const char *path,
		void (*each)(void *context, char *line),
		void *context);

/* The names in a directory, sorted, without "." and "..". At most SOURCE_NAMES_MAX; *ret_more (may
 * be NULL) says that there are more. */
int source_list(struct source *source,
		const char *path,
		const char *const **ret_names,
		size_t *ret_count,
		bool *ret_more);
/* The process ids in proc/, in the kernel's order, at most `max`. */
int source_pids(struct source *source,
		unsigned max,
		const int **ret_pids,
		size_t *ret_count,
		bool *ret_more);
/* What a symbolic link says. EINVAL: it is something else. Kept as a link. */
int source_link(struct source *source, const char *path, char target[SOURCE_LINK_MAX]);
bool source_exists(struct source *source, const char *path);
/* 0, or why it is not there. */
int source_look(struct source *source, const char *path);
/* Live only: what the file says of its size. false: it is not there. */
bool source_size(struct source *source, const char *path, double *ret_bytes);
/* Live only: the file is there and says that it is empty. */
bool source_size_is_zero(struct source *source, const char *path);

/* "/proc/sys/fs/file-max": the path to repeat the reading by hand, in the arena. */
const char *source_where(struct source *source, const char *path);

#endif
