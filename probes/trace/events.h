/* The kernel's events on each processor: opened together, read through one ring buffer each. */
#ifndef HEADROOM_PROBES_TRACE_EVENTS_H
#define HEADROOM_PROBES_TRACE_EVENTS_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "probes/host/source/source.h"
#include "probes/trace/record.h"
#include "probes/trace/refusal.h"
#include "probes/trace/ring.h"

/* What one processor has: the descriptor of the group, one for each event, and the buffer. */
struct cpu_events {
	int group; /* starts and stops all; also tells of new and ended processes */
	int *files;
	size_t count;
	struct ring ring;
};

struct events {
	struct record_events layout;
	char **filters;     /* one for each call of the layout, then that of the socket event */
	const char *online; /* the processors as the kernel lists them, when they were opened */
	struct cpu_events *cpus;
	struct pollfd *groups; /* the same order */
	size_t count;
};

/* Opens and starts them on all processors that are online. false: *ret_refusal says why, and
 * nothing is left open. */
bool events_open(struct arena *arena,
		struct source *source,
		struct events *events,
		struct trace_refusal *ret_refusal);
void events_close(struct events *events);

void events_stop(const struct events *events);
/* How many failures the kernel has counted, whether their records were kept or not. */
double events_counted(const struct events *events);
/* Has a processor come or gone since they were opened? */
bool events_cpus_changed(const struct events *events, struct source *source);

#endif
