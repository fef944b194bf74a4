/* The options of a sampler, and what it reports about each destination. */
#ifndef HEADROOM_PROBES_WATCH_SAMPLER_OPTIONS_H
#define HEADROOM_PROBES_WATCH_SAMPLER_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "probes/host/sockets/endpoint.h"

struct sampler_options {
	int root;           /* root of the process tree to watch; 0: none */
	bool with_root;     /* include the root itself */
	bool own_listeners; /* report the accept queues of the tree's listeners, if it has any */
	bool udp;           /* the load is UDP: count its sockets, and those of TCP by state only */
	bool own_only; /* only the tree's use counts as used; use by others is reported separately */
	int reuse;     /* a port in TIME_WAIT can be taken over: 0 no, 1 yes, 2 over loopback only */
	uint32_t reuse_delay_ms;        /* age from which it can be taken over */
	const struct endpoint *targets; /* destinations of the plan, as far as it names them */
	size_t target_count;
	bool goes_there; /* the command's words name the targets, so it connects to them even if no
	                    socket shows it */
	/* The ephemeral range; 0, 0: every local port counts for the destinations. */
	unsigned low, high;
	bool by_size; /* kernel.version >= 6002: the size of /proc/PID/fd is the number of files */
};

enum {
	SAMPLER_DESTINATIONS = 16
};

/* What was observed of one destination. */
struct seen_destination {
	const char *to;
	double live, time_wait; /* highest numbers at one time */
	double at_s;
};

#endif
