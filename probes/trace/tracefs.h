/* The list of the kernel's events: tracefs, where it is mounted, or without being mounted. */
#ifndef HEADROOM_PROBES_TRACE_TRACEFS_H
#define HEADROOM_PROBES_TRACE_TRACEFS_H

#include "base/arena.h"
#include "probes/host/source/source.h"

/* A directory to read below, the caller's; or -1 with errno. Where tracefs is not mounted, the
 * kernel is asked for one that is mounted nowhere and ends with the descriptor (fsmount(2), Linux
 * 5.2, CAP_SYS_ADMIN): this host's mounts stay as they are. ENODEV: the kernel has none. */
int tracefs_open(struct source *source);

/* The text of "events/EVENT/FILE", in the arena; NULL: it cannot be read, see errno. */
char *tracefs_read(struct arena *arena, int directory, const char *event, const char *file);

#endif
