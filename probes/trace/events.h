/* The kernel's events on each processor: opened together, each read through a ring buffer. */
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

/* State of one processor: the descriptor of the group, one for each event, and the buffer. */
struct cpu_events {
	int group; /* starts and stops all of them; also reports new and ended processes */
	int *files;
	size_t count;
	struct ring ring;
};

struct events {
	struct record_events layout;
	char **filters;     /* one for each call of the layout, then one for the socket event */
	const char *online; /* the kernel's list of processors when the events were opened */
	struct cpu_events *cpus;
	struct pollfd *groups; /* in the same order */
	size_t count;
};

/* Opens and starts the events on all online processors. Returns false with *ret_refusal and leaves
 * nothing open. */
bool events_open(struct arena *arena,
		struct source *source,
		struct events *events,
		struct trace_refusal *ret_refusal);
void events_close(struct events *events);

void events_stop(const struct events *events);
/* Returns how many failures the kernel has counted, including those whose records were lost. */
double events_counted(const struct events *events);
/* Returns true if processors came or went since the events were opened. */
bool events_cpus_changed(const struct events *events, struct source *source);

#endif
