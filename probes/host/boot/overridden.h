/* Settings in files that have no effect because another setting overrides them at boot. */
#ifndef HEADROOM_PROBES_HOST_BOOT_OVERRIDDEN_H
#define HEADROOM_PROBES_HOST_BOOT_OVERRIDDEN_H

#include "probes/host/probing.h"

/* Adds a setting to the fact boot.overridden[KEY]. `text` says where the setting is and what it
 * sets: "/etc/sysctl.d/10-a.conf:3 sets 128". */
void overridden_add(struct probing *probing, const char *key, const char *text);

#endif
