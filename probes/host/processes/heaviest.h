/* Finds the processes with the most threads or inotify instances, for when the limit is reached.
 * Only on the live machine. */
#ifndef HEADROOM_PROBES_HOST_PROCESSES_HEAVIEST_H
#define HEADROOM_PROBES_HOST_PROCESSES_HEAVIEST_H

#include <stddef.h>

#include "base/arena.h"

enum {
	HEAVIEST_SHOWN = 3
};

enum heavy_with {
	HEAVY_THREADS,
	HEAVY_INOTIFY /* inotify instances, found by open files */
};

/* Which processes to consider. */
struct heavy_query {
	enum heavy_with with;
	double uid; /* only those of this user; NAN: all */
	/* Only those in this control group or below, "/system.slice/x.service"; NULL: all. */
	const char *group;
};

struct heavy {
	int pid;
	const char *name;
	double count; /* above 0 */
};

/* Gives the processes with the highest counts, the highest first, and returns their number. Leaves
 * out what may not be read. */
size_t heaviest_read(struct arena *arena,
		const struct heavy_query *query,
		struct heavy ret_heaviest[HEAVIEST_SHOWN]);

#endif
