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

/* Opens every .html .css .js .json .png .ttf and .otf file of the directory. Fails on a directory
 * without any, on too many files, and on a file that cannot be read. The descriptors stay open as
 * long as the program runs. helper_check_template checks what is in them. */
bool template_open(struct arena *arena,
		const char *dir,
		struct template_files *ret_files,
		struct error *err);

#endif
