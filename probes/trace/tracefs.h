/* The list of the kernel's events: tracefs, mounted or not. */
#ifndef HEADROOM_PROBES_TRACE_TRACEFS_H
#define HEADROOM_PROBES_TRACE_TRACEFS_H

#include "base/arena.h"
#include "probes/host/source/source.h"

/* Returns a directory descriptor that the caller closes, or -1 with errno. If tracefs is not
 * mounted, asks the kernel for a mount that is attached nowhere and ends with the descriptor
 * (fsmount(2), Linux 5.2, CAP_SYS_ADMIN), so the host's mounts do not change. ENODEV: the kernel
 * has no tracefs. */
int tracefs_open(struct source *source);

/* Returns the text of "events/EVENT/FILE" in the arena, or NULL with errno. */
char *tracefs_read(struct arena *arena, int directory, const char *event, const char *file);

#endif
