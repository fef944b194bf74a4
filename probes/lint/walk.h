/* The files of a repository. Symbolic links are not followed, so nothing outside is read. FIFOs,
 * devices and unreadable files are skipped and counted. */
#ifndef HEADROOM_PROBES_LINT_WALK_H
#define HEADROOM_PROBES_LINT_WALK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"
#include "model/lint/kind.h"
#include "model/lint/slice.h"

enum {
	LINT_FILE_BYTES_MAX = 1024 * 1024, /* of one file; larger ones were not written by hand */
	LINT_PROBLEMS_MAX = 20,            /* how many are named */
	LINT_DEPTH_MAX = 64                /* of directories */
};

struct lint_problem {
	const char *path;
	const char *why;
};

struct lint_walk {
	struct arena *arena;
	/* Gets each file that may matter; the text is valid until it returns. */
	void (*take)(void *context, const char *path, enum lint_kind kind, struct slice text);
	void *context;
	size_t seen, read, links;
	struct lint_problem problems[LINT_PROBLEMS_MAX];
	size_t problem_count; /* may be more than are named */
};

/* Everything below a directory, or one file. false: the path itself cannot be read. */
bool lint_walk(struct lint_walk *walk, const char *path, struct error *err);

#endif
