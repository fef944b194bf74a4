/* Counts the sockets of the command and of others by local address and destination, because the
 * kernel assigns ports for each such pair. */
#ifndef HEADROOM_PROBES_WATCH_PAIRS_H
#define HEADROOM_PROBES_WATCH_PAIRS_H

#include <stdbool.h>
#include <stddef.h>

#include "probes/host/sockets/endpoint.h"
#include "probes/watch/ownership.h"

enum {
	PAIRS_MAX = 65536,
	PAIR_TARGETS = 64
};

/* Sockets of one kind of owner. */
struct pair_count {
	double live, connecting, time_wait; /* connecting: SYN_SENT, not yet a connection */
	double ports;                       /* ports in the range that a new connection cannot use */
};

void pair_count_add(struct pair_count *to, const struct pair_count *from);

struct pair {
	struct endpoint from; /* without a port */
	struct endpoint to;   /* family 0: a free slot */
	struct pair_count own, maybe, others;
	/* Live sockets of the command, or of others, were seen at some time. */
	bool own_ever, others_ever;
};

struct pairs {
	struct pair *table;
	size_t size, count;
	bool more; /* there are more than PAIRS_MAX; the others are not counted */
	/* Destinations of the plan; one without a port stands for any port. */
	struct endpoint targets[PAIR_TARGETS];
	size_t target_count;
	bool goes_there;  /* the command connects to the targets, even if it has no sockets now */
	bool own_ever;    /* own_ever of any pair */
	bool has_sockets; /* a process of the command was seen with a socket, or could not be read */
};

void pairs_release(struct pairs *pairs);
/* Adds a destination of the plan. */
void pairs_add_target(struct pairs *pairs, const struct endpoint *to);

/* Begins a new look with all counts 0. */
void pairs_begin(struct pairs *pairs);

struct pair_socket {
	const struct tally_socket *socket;
	enum owner owner;
	bool in_range, reusable;
};
void pairs_add(struct pairs *pairs, const struct pair_socket *socket);

/* Ends a look. Sockets of uncertain owners are then counted as the command's if possible, else as
 * those of others. */
void pairs_end(struct pairs *pairs);

/* Sums for the command. */
struct pair_sums {
	struct pair_count own;
	double unsure; /* how many of them are not certain, including TIME_WAIT */
	double others_live;
	/* The pair of the command with the most ports in use, by it and by others; if it has none, the
	 * fullest pair to the plan's destination. NULL: none. */
	const struct pair *fullest;
};
struct pair_sums pairs_sum(const struct pairs *pairs);

#endif
