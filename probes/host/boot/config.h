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

/* The files NAME.conf of `directories` (in order of precedence, NULL-terminated) that count. A link
 * to /dev/null, or an empty file, hides and says nothing; it is left out. */
size_t config_files(struct probing *probing,
		const char *const *directories,
		const struct config_file **ret_files);

#endif
