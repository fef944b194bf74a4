/* Walks the files of a repository. Does not follow symbolic links, so nothing outside is read.
 * Skips FIFOs, devices and unreadable files and counts them. */
#ifndef HEADROOM_PROBES_LINT_WALK_H
#define HEADROOM_PROBES_LINT_WALK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"
#include "model/lint/kind.h"
#include "model/lint/slice.h"

enum {
	LINT_FILE_BYTES_MAX = 1024 * 1024, /* per file; nobody writes larger ones by hand */
	LINT_PROBLEMS_MAX = 20,            /* how many problems are named */
	LINT_DEPTH_MAX = 64                /* nesting of directories */
};

struct lint_problem {
	const char *path;
	const char *why;
};

struct lint_walk {
	struct arena *arena;
	/* Called for each file that may matter; the text is valid during the call. */
	void (*take)(void *context, const char *path, enum lint_kind kind, struct slice text);
	void *context;
	size_t seen, read, links;
	struct lint_problem problems[LINT_PROBLEMS_MAX];
	size_t problem_count; /* may exceed the number of named problems */
};

/* Walks everything below a directory, or one file. Returns false with err if the path itself cannot
 * be read. */
bool lint_walk(struct lint_walk *walk, const char *path, struct error *err);

#endif
