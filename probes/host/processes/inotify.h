/* The inotify instances of each user: fs.inotify.max_user_instances bounds them. */
#ifndef HEADROOM_PROBES_HOST_PROCESSES_INOTIFY_H
#define HEADROOM_PROBES_HOST_PROCESSES_INOTIFY_H

#include <stddef.h>

#include "probes/host/options.h"
#include "probes/host/probing.h"

/* Counts those of each process of the live machine, for host_options.counted: a wait can be used
 * for that. `known` was counted; NULL: none. Processes whose files may not be seen are left out. */
void inotify_count_ahead(struct arena *arena,
		const struct counted_process *known,
		struct host_counted *ret_counted);

/* The process ids that a live host has; `more`: it has others, too. Puts inotify.instances. */
void inotify_put(struct probing *probing, const int *pids, size_t count, bool more);

#endif
