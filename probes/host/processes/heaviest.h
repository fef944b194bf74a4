/* Which processes have the most threads or inotify instances. Asked for when no more can be had. Of
 * the live machine only. */
#ifndef HEADROOM_PROBES_HOST_PROCESSES_HEAVIEST_H
#define HEADROOM_PROBES_HOST_PROCESSES_HEAVIEST_H

#include <stddef.h>

#include "base/arena.h"

enum {
	HEAVIEST_SHOWN = 3
};

enum heavy_with {
	HEAVY_THREADS,
	HEAVY_INOTIFY /* instances: open files */
};

/* Which processes count. */
struct heavy_query {
	enum heavy_with with;
	double uid; /* those of this user; NAN: of any */
	const char
			*group; /* those in this control group or below, "/system.slice/x.service"; or NULL */
};

struct heavy {
	int pid;
	const char *name;
	double count; /* more than 0 */
};

/* Those that have most of it, the first one most. Returns how many there are in ret_heaviest. What
 * may not be read is left out. */
size_t heaviest_read(struct arena *arena,
		const struct heavy_query *query,
		struct heavy ret_heaviest[HEAVIEST_SHOWN]);

#endif
