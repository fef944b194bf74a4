/* Finds the processes that have the connections to a destination, or that use a port here. For when
 * something fails now: reads the links of /proc/PID/fd, up to a bound, only on the live machine. */
#ifndef HEADROOM_PROBES_HOST_PROCESSES_HOLDERS_H
#define HEADROOM_PROBES_HOST_PROCESSES_HOLDERS_H

#include "base/address.h"
#include "base/arena.h"
#include "probes/host/sockets/tally.h"

enum {
	HOLDERS_SHOWN = 3,
	HELD_SHOWN = 5
};

/* The question. */
struct held_query {
	int pid; /* its network namespace counts, and its files are read first; 0: this process */
	struct address to;   /* only sockets to this address; family 0: all */
	unsigned port;       /* 0: any */
	unsigned local_port; /* only sockets with this local port; 0: all */
};

struct holder {
	int pid;
	const char *name;
	size_t sockets;
};

/* The sockets to one destination, by state. */
struct held {
	struct endpoint to;
	size_t total, states[STATES];
	size_t accepted; /* their local port is a listener's, so the other side opened them */
	struct holder holders[HOLDERS_SHOWN];
	size_t holder_count; /* most sockets first */
};

struct held_answer {
	int error;                     /* errno of the dump; 0: none */
	bool partial;                  /* some links of /proc/PID/fd were not read */
	struct held items[HELD_SHOWN]; /* destinations with the most sockets first */
	size_t count;
};

void held_read(struct arena *arena, const struct held_query *query, struct held_answer *ret_answer);

#endif
