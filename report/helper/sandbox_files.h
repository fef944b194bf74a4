/* Which files may be read: Landlock (Documentation/userspace-api/landlock.rst). */
#ifndef HEADROOM_REPORT_HELPER_SANDBOX_FILES_H
#define HEADROOM_REPORT_HELPER_SANDBOX_FILES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/* Files below these directories may be read. If the kernel has no Landlock (before 5.13, or
 * switched off), every file that the user nobody may read. */
struct sandbox_files {
	const char *const *directories; /* those that do not exist are left out */
	size_t count;
};

/* A kernel without Landlock is no error. */
bool sandbox_restrict_files(const struct sandbox_files *files, struct error *err);

#endif
