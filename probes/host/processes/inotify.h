/* Counts the inotify instances of each user, which fs.inotify.max_user_instances limits. */
#ifndef HEADROOM_PROBES_HOST_PROCESSES_INOTIFY_H
#define HEADROOM_PROBES_HOST_PROCESSES_INOTIFY_H

#include <stddef.h>

#include "probes/host/options.h"
#include "probes/host/probing.h"

/* Counts those of each process on the live machine, for host_options.counted: a waiting time can be
 * used for that. `known`: processes already counted; NULL: none. Leaves out processes whose files
 * may not be read. */
void inotify_count_ahead(struct arena *arena,
		const struct counted_process *known,
		struct host_counted *ret_counted);

/* Puts inotify.instances. `pids`: processes of a live host; `more`: there are others. */
void inotify_put(struct probing *probing, const int *pids, size_t count, bool more);

#endif
