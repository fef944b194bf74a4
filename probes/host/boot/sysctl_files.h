/* Parses one line of a sysctl.d file. */
#ifndef HEADROOM_PROBES_HOST_BOOT_SYSCTL_FILES_H
#define HEADROOM_PROBES_HOST_BOOT_SYSCTL_FILES_H

#include <stdbool.h>

struct sysctl_line {
	char *key;   /* with dots, like the keys of facts; may be a glob */
	char *value; /* NULL: a line "-KEY", which exempts the key from globs */
};

/* Parses a line in place. Returns false for an empty line, a comment, or a line that systemd-sysctl
 * ignores. */
bool sysctl_line_parse(char *line, struct sysctl_line *ret_line);

#endif
