/* The control groups of a process, in v1, v2 and mixed hierarchies. Parses texts; does no I/O. */
#ifndef HEADROOM_PROBES_HOST_CGROUP_H
#define HEADROOM_PROBES_HOST_CGROUP_H

#include <stdbool.h>

#include "base/arena.h"

/* The directory of a process's group for one controller. */
struct cgroup_place {
	int version;       /* 1 or 2; 0: the controller is in no hierarchy */
	const char *mount; /* source path of the mount point: "sys/fs/cgroup/memory" */
	const char *path;  /* below the mount point, with a leading slash; "": the mount point */
};

/* Finds the place in the texts of /proc/PID/cgroup and /proc/PID/mountinfo. If `mounts` is NULL,
 * the usual mount points are assumed. A controller that is in a v1 hierarchy is not in v2. */
struct cgroup_place cgroup_find(struct arena *arena,
		const char *groups,
		const char *mounts,
		const char *controller);
/* Returns 1, 2, 12 (both versions have groups) or 0 (neither has). */
int cgroup_version(const char *groups);

#endif
