/* Values in the configuration of systemd. Does no I/O. */
#ifndef HEADROOM_PROBES_HOST_BOOT_SYSTEMD_FILES_H
#define HEADROOM_PROBES_HOST_BOOT_SYSTEMD_FILES_H

#include <stdbool.h>

/* "65536", "1024:524288" or "infinity" (systemd.exec(5), LimitNOFILE=). false: malformed. */
bool systemd_parse_limit(const char *text, double *ret_soft, double *ret_hard);

#endif
