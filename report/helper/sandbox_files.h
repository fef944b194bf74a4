/* Restricts which files can be read with Landlock (Documentation/userspace-api/landlock.rst). */
#ifndef HEADROOM_REPORT_HELPER_SANDBOX_FILES_H
#define HEADROOM_REPORT_HELPER_SANDBOX_FILES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/* Directories below which files may be read. If the kernel has no Landlock (before 5.13, or
 * disabled), every file that the user nobody can read is allowed. */
struct sandbox_files {
	const char *const *directories; /* missing directories are skipped */
	size_t count;
};

/* Restricts the process. A kernel without Landlock is no error. false with err. */
bool sandbox_restrict_files(const struct sandbox_files *files, struct error *err);

#endif
