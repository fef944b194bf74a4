/* What a sampler is asked for, and what it says of each destination. */
#ifndef HEADROOM_PROBES_WATCH_SAMPLER_OPTIONS_H
#define HEADROOM_PROBES_WATCH_SAMPLER_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "probes/host/sockets/endpoint.h"

struct sampler_options {
	int root;           /* the process whose tree is watched; 0: none */
	bool with_root;     /* itself as well, not only its descendants */
	bool own_listeners; /* accept queues of the tree's listeners, where it has any */
	bool udp;           /* the load is UDP: its sockets are counted, and TCP's by state alone */
	bool own_only; /* only what the tree uses counts as used; use by others is reported beside it */
	int reuse;     /* TIME_WAIT can be taken over: 0 no, 1 yes, 2 over loopback only */
	uint32_t reuse_delay_ms;        /* once it is so old */
	const struct endpoint *targets; /* where the plan goes, as far as it says so */
	size_t target_count;
	bool goes_there; /* the command's own words say so, so it tries to even if no socket shows it */
	unsigned low,
			high; /* the ephemeral range; 0, 0: every local port counts for the destinations */
	bool by_size; /* kernel.version >= 6002: /proc/PID/fd says how many files by its size */
};

enum {
	SAMPLER_DESTINATIONS = 16
};

/* What was seen of one destination. */
struct seen_destination {
	const char *to;
	double live, time_wait; /* the most at one time */
	double at_s;
};

#endif
