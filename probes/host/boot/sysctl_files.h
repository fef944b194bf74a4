/* One line of a sysctl.d file. */
#ifndef HEADROOM_PROBES_HOST_BOOT_SYSCTL_FILES_H
#define HEADROOM_PROBES_HOST_BOOT_SYSCTL_FILES_H

#include <stdbool.h>

struct sysctl_line {
	char *key;   /* with dots, as facts are named; may be a glob */
	char *value; /* NULL: the line is "-KEY", which exempts the key from globs */
};

/* Splits a line in place. false: it is empty, a comment, or one that systemd-sysctl ignores. */
bool sysctl_line_parse(char *line, struct sysctl_line *ret_line);

#endif
