/* Configuration directories as systemd and procps read them. A file in an earlier directory hides
 * the files of the same name in later ones. The remaining files are sorted by name alone, across
 * all directories. */
#ifndef HEADROOM_PROBES_HOST_BOOT_CONFIG_H
#define HEADROOM_PROBES_HOST_BOOT_CONFIG_H

#include "probes/host/probing.h"

enum {
	CONFIG_FILES_MAX = 512
};

struct config_file {
	const char *name; /* without the directory */
	const char *path; /* source path */
};

/* The files NAME.conf of `directories` (in order of precedence, NULL-terminated) that count, at
 * most CONFIG_FILES_MAX, sorted by name; the paths live in the arena. A link to /dev/null hides the
 * later files of its name and is left out itself. */
size_t config_files(struct probing *probing,
		const char *const *directories,
		const struct config_file **ret_files);

/* Like probing_read_text; a file that exists and was not read is noted in probing->boot_unread. */
int config_read_text(struct probing *probing, const char *path, char **ret_text);
/* The same, but a snapshot keeps only lines that begin with one of `kept` (NULL-terminated). The
 * others, which may contain secrets, become empty lines, so that line numbers do not change. */
int config_read_some(struct probing *probing,
		const char *path,
		const char *const *kept,
		char **ret_text);
/* The names in a directory, likewise: all that are there, or it is noted. */
size_t config_list(struct probing *probing, const char *path, const char *const **ret_names);
/* Notes that not all of `path` was read. */
void config_note_unread(struct probing *probing, const char *path);

#endif
