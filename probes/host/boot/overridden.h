/* Settings that lose at boot: which, and to what. */
#ifndef HEADROOM_PROBES_HOST_BOOT_OVERRIDDEN_H
#define HEADROOM_PROBES_HOST_BOOT_OVERRIDDEN_H

#include "probes/host/probing.h"

/* Notes under boot.overridden[KEY] that the setting of `text` does not win. A text reads like
 * "/etc/sysctl.d/10-a.conf:3 sets 128". */
void overridden_add(struct probing *probing, const char *key, const char *text);

#endif
