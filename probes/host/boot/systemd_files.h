/* Limits in the configuration of systemd. */
#ifndef HEADROOM_PROBES_HOST_BOOT_SYSTEMD_FILES_H
#define HEADROOM_PROBES_HOST_BOOT_SYSTEMD_FILES_H

#include <stdbool.h>

#include "probes/host/source/source.h"

/* Parses "65536", "1024:524288" or "infinity" (systemd.exec(5), LimitNOFILE=). Returns false if the
 * text is malformed. */
bool systemd_parse_limit(const char *text, double *ret_soft, double *ret_hard);

/* LimitNOFILE of a service according to its files. */
struct systemd_limit {
	bool found; /* the unit has a file here */
	bool whole; /* all of its files were read */
	bool set;   /* one of them sets it; false: systemd's default applies */
	double soft, hard;
	const char *where; /* "/lib/systemd/system/web.service:12" */
};

struct systemd_limit systemd_limit_of(struct arena *arena, struct source *source, const char *unit);

#endif
