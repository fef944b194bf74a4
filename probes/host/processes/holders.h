/* Which processes have the connections to a destination, or those that use a port here. Called when
 * something fails now: it reads the links of /proc/PID/fd, up to a bound, on the live machine only.
 */
#ifndef HEADROOM_PROBES_HOST_PROCESSES_HOLDERS_H
#define HEADROOM_PROBES_HOST_PROCESSES_HOLDERS_H

#include "base/address.h"
#include "base/arena.h"
#include "probes/host/sockets/tally.h"

enum {
	HOLDERS_SHOWN = 3,
	HELD_SHOWN = 5
};

/* What is asked for. */
struct held_query {
	int pid;             /* whose network namespace; its files are read first; 0: this one's */
	struct address to;   /* only those towards it; family 0: towards any */
	unsigned port;       /* 0: any */
	unsigned local_port; /* only those that have this port here; 0: any */
};

struct holder {
	int pid;
	const char *name;
	size_t sockets;
};

/* The sockets towards one destination, by state. */
struct held {
	struct endpoint to;
	size_t total, states[STATES];
	size_t accepted; /* their local port is a listener's: the other side opened them */
	struct holder holders[HOLDERS_SHOWN];
	size_t holder_count; /* those with the most sockets first */
};

struct held_answer {
	int error;                     /* of the dump, an errno; 0: none */
	bool partial;                  /* not all links of /proc/PID/fd were read, or could be */
	struct held items[HELD_SHOWN]; /* the destinations with the most sockets first */
	size_t count;
};

void held_read(struct arena *arena, const struct held_query *query, struct held_answer *ret_answer);

#endif
