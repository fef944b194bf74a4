/* Configuration directories as systemd and procps read them: the same file name in an earlier
 * directory hides the later one; the rest is sorted by file name, whatever the directory. */
#ifndef HEADROOM_PROBES_HOST_BOOT_CONFIG_H
#define HEADROOM_PROBES_HOST_BOOT_CONFIG_H

#include "probes/host/probing.h"

enum {
	CONFIG_FILES_MAX = 512
};

struct config_file {
	const char *name; /* base name */
	const char *path; /* source path */
};

/* The files NAME.conf of `directories` (in order of precedence, NULL-terminated) that count, at
 * most CONFIG_FILES_MAX, sorted by name; the paths live in the arena. A link to /dev/null hides the
 * later files of its name and is left out itself. */
size_t config_files(struct probing *probing,
		const char *const *directories,
		const struct config_file **ret_files);

#endif
