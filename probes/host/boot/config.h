/* Configuration directories with the rules of systemd and procps: a file in an earlier directory
 * hides files with the same name in later ones, and the remaining files are sorted by name across
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

/* Gives the effective files NAME.conf of `directories` (in order of precedence, NULL-terminated),
 * at most CONFIG_FILES_MAX, sorted by name, and returns their number. The paths live in the arena.
 * A link to /dev/null hides later files with its name and is left out itself. */
size_t config_files(struct probing *probing,
		const char *const *directories,
		const struct config_file **ret_files);

/* Like probing_read_text, but records a file that exists and was not read in
 * probing->boot_unread. */
int config_read_text(struct probing *probing, const char *path, char **ret_text);
/* The same, but a snapshot keeps only lines that begin with one of `kept` (NULL-terminated). Other
 * lines may contain secrets and become empty, so that line numbers stay the same. */
int config_read_some(struct probing *probing,
		const char *path,
		const char *const *kept,
		char **ret_text);
/* Gives all names in a directory and returns their number; records the directory if it was not read
 * completely. */
size_t config_list(struct probing *probing, const char *path, const char *const **ret_names);
/* Records that `path` was not read completely. */
void config_note_unread(struct probing *probing, const char *path);

#endif
