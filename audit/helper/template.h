/* The user's templates: the files of a directory, opened for headroom-helper. */
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
	const char *dir; /* as the user named it, for errors */
	struct {
		const char *name;
		int fd;
	} files[TEMPLATE_FILES_MAX];
	size_t count;
};

/* Opens every .html .css .js .json .png .ttf and .otf file of the directory. Returns false with err
 * if there is none, if there are too many, or if one cannot be read. The descriptors stay open
 * until the program ends. helper_check_template checks the contents. */
bool template_open(struct arena *arena,
		const char *dir,
		struct template_files *ret_files,
		struct error *err);

#endif
