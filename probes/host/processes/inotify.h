/* The inotify instances of each user: fs.inotify.max_user_instances bounds them. */
#ifndef HEADROOM_PROBES_HOST_PROCESSES_INOTIFY_H
#define HEADROOM_PROBES_HOST_PROCESSES_INOTIFY_H

#include <stddef.h>

#include "probes/host/probing.h"

/* The process ids that a live host has; `more`: it has others, too. Puts inotify.instances. */
void inotify_put(struct probing *probing, const int *pids, size_t count, bool more);

#endif
