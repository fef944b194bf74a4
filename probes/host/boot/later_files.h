/* Settings at boot that lose: which, and to what. */
#ifndef HEADROOM_PROBES_HOST_BOOT_LATER_FILES_H
#define HEADROOM_PROBES_HOST_BOOT_LATER_FILES_H

#include "probes/host/probing.h"

/* Notes under boot.overridden[KEY] that `text` ("/etc/sysctl.d/10-a.conf:3 sets 128") does not win.
 */
void later_overridden(struct probing *probing, const char *key, const char *text);

#endif
