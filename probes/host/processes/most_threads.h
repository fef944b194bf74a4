/* Which processes have the most threads. Asked for when no more can be started. Of the live machine
 * only. */
#ifndef HEADROOM_PROBES_HOST_PROCESSES_MOST_THREADS_H
#define HEADROOM_PROBES_HOST_PROCESSES_MOST_THREADS_H

#include <stddef.h>

#include "base/arena.h"

enum {
	MOST_THREADS_SHOWN = 3
};

/* Which processes count. */
struct threads_query {
	double uid; /* those of this user; NAN: of any */
	const char
			*group; /* those in this control group or below, "/system.slice/x.service"; or NULL */
};

struct threaded {
	int pid;
	const char *name;
	double threads;
};

/* Into ret_most, those with the most threads first; returns how many there are in it. */
size_t most_threads_read(struct arena *arena,
		const struct threads_query *query,
		struct threaded ret_most[MOST_THREADS_SHOWN]);

#endif
