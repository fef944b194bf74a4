/* The command's sockets and those of others, counted by local address and destination: the kernel
 * gives out ports for each such pair. */
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
	double live, connecting, time_wait; /* connecting: SYN_SENT, which is no connection yet */
	double ports;                       /* those in the range that a new connection cannot have */
};

void pair_count_add(struct pair_count *to, const struct pair_count *from);

struct pair {
	struct endpoint from; /* without a port */
	struct endpoint to;   /* family 0: a free slot */
	struct pair_count own, maybe, others;
	bool own_ever,
			others_ever; /* live ones of the command, or of another, were seen at some time */
};

struct pairs {
	struct pair *table;
	size_t size, count;
	bool more; /* than PAIRS_MAX: the rest is in none of them */
	/* Where the plan goes: without a port any port. */
	struct endpoint targets[PAIR_TARGETS];
	size_t target_count;
	bool goes_there;  /* to the targets: it tries to, even if it has no sockets */
	bool own_ever;    /* of any pair */
	bool has_sockets; /* a process of the command was seen with any socket, or could not be read */
};

void pairs_release(struct pairs *pairs);
/* A destination of the plan. */
void pairs_add_target(struct pairs *pairs, const struct endpoint *to);

/* A new look: all counts are 0. */
void pairs_begin(struct pairs *pairs);

struct pair_socket {
	const struct tally_socket *socket;
	enum owner owner;
	bool in_range, reusable;
};
void pairs_add(struct pairs *pairs, const struct pair_socket *socket);

/* Call once all sockets of a look were added. Sockets without a certain owner are then counted as
 * the command's if they can be, else as those of others. */
void pairs_end(struct pairs *pairs);

/* All of the command. */
struct pair_sums {
	struct pair_count own;
	double unsure; /* what is not sure of it, TIME_WAIT as well */
	double others_live;
	/* The pair of the command with the most ports in use, by it and by others. If it has none,
	 * the fullest pair to the plan's destination. NULL: there is none. */
	const struct pair *fullest;
};
struct pair_sums pairs_sum(const struct pairs *pairs);

#endif
