/* The tally of TCP sockets: counts by state and by destination, listeners, and sets of local ports.
 * It is filled from sock_diag, /proc/net/tcp or sockets.json, and turned into facts in one
 * place. */
#ifndef HEADROOM_PROBES_HOST_SOCKETS_TALLY_H
#define HEADROOM_PROBES_HOST_SOCKETS_TALLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/portset.h"
#include "probes/host/sockets/endpoint.h"
#include "probes/host/sockets/pools.h"

/* As in include/net/tcp_states.h. */
enum tcp_state {
	STATE_ESTABLISHED = 1,
	STATE_SYN_SENT,
	STATE_SYN_RECV,
	STATE_FIN_WAIT1,
	STATE_FIN_WAIT2,
	STATE_TIME_WAIT,
	STATE_CLOSE,
	STATE_CLOSE_WAIT,
	STATE_LAST_ACK,
	STATE_LISTEN,
	STATE_CLOSING,
	STATE_NEW_SYN_RECV,
	STATE_BOUND,
	STATES
};
/* Last part of the fact sockets.tcp.NAME; NULL: not counted. */
extern const char *const tcp_state_names[STATES];

enum {
	DESTINATIONS_MAX = 65536,
	DESTINATIONS_SHOWN = 32,
	DESTINATIONS_DETAIL = 4096,
	LISTENERS_MAX = 4096,
	LISTENER_SOCKETS_MAX = 65536,
	PINNED_MAX = 4096
};

struct destination {
	struct endpoint to;
	uint32_t sockets, established, time_wait;
};

/* A socket that got its port from bind(): it listens, or is not connected yet. */
struct pinned {
	struct endpoint at;
	bool six_only; /* IPv6 only: IPV6_V6ONLY, or bound to one IPv6 address */
};

/* The sockets that listen on one address and port. If there are several (SO_REUSEPORT), each has a
 * separate queue. */
struct listener {
	struct endpoint at;
	uint32_t sockets;
	bool backlog_known, drops_known;
	uint32_t backlog;                        /* the smallest of all */
	uint32_t queue;                          /* the longest of all */
	uint32_t room;                           /* the least room left in one of the queues */
	uint32_t fullest_queue, fullest_backlog; /* of the socket with the fullest queue */
	double holds;           /* connections that fit into all queues: the sum of backlog + 1 */
	double waiting;         /* connections waiting in all queues */
	double drops;           /* SYNs and handshakes that they dropped (sk_drops) */
	uint32_t interface;     /* SO_BINDTODEVICE; 0: none */
	bool interfaces_differ; /* then they do not share their load */
	bool own;               /* belongs to the vantage process */
	const char *process;    /* NULL: not known */
};

/* One socket of a listener. */
struct listener_socket {
	uint32_t inode;
	uint32_t listener; /* its index in the list of listeners */
};

struct socket_tally {
	const char *source; /* "sock_diag" or "proc" */
	const char *note;   /* why the source is "proc"; NULL: it is not */
	bool bound_listed;  /* the kernel lists bound-inactive sockets */
	uint64_t states[STATES];
	struct portset listening, bound, held; /* held: local ports of all other sockets */
	struct destination *table;             /* open addressing; a slot with sockets == 0 is free */
	size_t table_size, destinations;
	bool more_destinations; /* there are more than DESTINATIONS_MAX, which are not counted by
	                           destination */
	struct listener *listeners;
	size_t listener_count, listener_capacity;
	struct listener_socket *listener_sockets;
	size_t listener_socket_count, listener_socket_capacity;
	bool more_listeners;
	int own_error; /* errno with which reading the vantage process's files failed; 0: none */
	struct pinned *pinned; /* only those inside the range; only netlink shows them */
	size_t pinned_count, pinned_capacity;
	unsigned low, high;  /* the ephemeral range; 0, 0: every port counts */
	struct pools *pools; /* NULL: not counted by pool */
	struct portset reserved;
	uint32_t reuse_delay_ms; /* age from which tcp_tw_reuse may take a TIME_WAIT socket */
};

void tally_release(struct socket_tally *tally);
/* One socket. rqueue and wqueue have the meaning of inet_diag: for a listener the connections that
 * wait for accept(), and the backlog. */
struct tally_socket {
	enum tcp_state state;
	struct endpoint local, remote;
	uint32_t rqueue, wqueue, inode;
	uint32_t interface; /* SO_BINDTODEVICE, of a listener; 0: none */
	uint32_t drops;     /* for a listener */
	bool backlog_known, drops_known, six_only;
	uint32_t expires_ms; /* for TIME_WAIT: the time left; 0: not known */
	uint64_t cgroup;     /* id of the control group (v2) it was created in; 0: not known */
};
void tally_add(struct arena *arena, struct socket_tally *tally, const struct tally_socket *socket);
/* Stores a destination with its counts, which are not added to the counts by state. It must have at
 * least one socket. */
void tally_set_destination(struct socket_tally *tally, const struct destination *destination);
/* Returns NULL if no socket is connected to it. */
const struct destination *tally_destination(const struct socket_tally *tally,
		const struct endpoint *to);
/* Gives the destinations with the most sockets first (then by address), at most `max`, and returns
 * their number. */
size_t tally_top(struct arena *arena,
		const struct socket_tally *tally,
		size_t max,
		const struct destination ***ret_top);

#endif
