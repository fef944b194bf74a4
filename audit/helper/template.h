/* The user's own templates: the files of a directory, open for headroom-helper. */
#ifndef HEADROOM_AUDIT_HELPER_TEMPLATE_H
#define HEADROOM_AUDIT_HELPER_TEMPLATE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"

enum {
	TEMPLATE_FILES_MAX = 12
};

struct template_files {
	const char *dir; /* as it was named; for errors */
	struct {
		const char *name;
		int fd;
	} files[TEMPLATE_FILES_MAX];
	size_t count;
};

/* Opens every .html .css .js .json .svg .png and .ttf file of the directory and has the helper
 * check them. Fails on a directory without any, on too many, on what cannot be read, and on what
 * the helper refuses. The descriptors stay open as long as the program runs. */
bool template_open(struct arena *arena,
		const char *dir,
		struct template_files *ret_files,
		struct error *err);

#endif
