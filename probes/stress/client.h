/* A client in the sandbox. It opens connections with the same system calls as the workload's
 * program and, to be fast, can restrict a socket to one port of the range. The sandbox has copies
 * of the target's listeners and bound sockets. */
#ifndef HEADROOM_PROBES_STRESS_CLIENT_H
#define HEADROOM_PROBES_STRESS_CLIENT_H

#include <netinet/in.h>
#include <stdbool.h>

#include "base/portset.h"
#include "probes/stress/holders.h"
#include "probes/stress/imitate.h"

/* One source and one destination. The source counts only if the program calls bind(). */
struct route {
	struct sockaddr_storage source, destination;
	socklen_t length;
};

enum {
	ROUTES_MAX = 1024
};

struct client {
	struct worker *worker;
	enum calibrate_bind bind;
	int family;
	bool by_range;      /* IP_LOCAL_PORT_RANGE limits a socket to a port; false: bind() does */
	unsigned low, high; /* the range in force in the sandbox */
	struct portset reserved, listening, bound; /* ports of the target */
	bool listening_known;
	/* The listening and bound sockets with their addresses, if they are known. */
	struct imitation held;
	bool held_known;
	unsigned listen_port; /* outside of the range, or one of its blocked ports */
	int listener;         /* listens on all addresses */
	size_t blockers;      /* number of ports in the range that a listener or bound socket uses */
	double usable;        /* ports of the range that are neither reserved nor blocked */
	bool odd;             /* the range has an odd width */
};

/* Reads the facts and the range in force, and opens the listener with `backlog`. Returns false if
 * the worker refused. */
bool client_init(struct client *client, struct worker *worker, int backlog);
/* Replaces the listener by `count` sockets (SO_REUSEPORT), each with `backlog`. Returns 0 or an
 * errno; sockets opened by then stay open. */
int client_share_listener(struct client *client, int backlog, size_t count, int *ret_fds);
/* Copies the target's listeners and bound sockets into the sandbox: with their addresses, or on all
 * addresses if only the ports are known. Returns 0 or an errno. */
int client_block(struct client *client, struct holders *holders);

/* Makes a route of the workload, given by the indexes of source and destination, with 127/8 and
 * fd00::/8 addresses on lo; with `far`, addresses that are not loopback. Sources that the plan
 * names for bind() are used. Returns 0 or an errno. */
int client_route(const struct client *client,
		size_t source,
		size_t destination,
		bool far,
		struct route *ret);

/* Opens a connection like the workload's program; closing it sends a reset, or a FIN if `linger` is
 * -1. port: the only one to use; 0: the kernel chooses. Returns a descriptor, or -1 with errno. */
int client_open(const struct client *client, const struct route *route, unsigned port, int linger);
/* Returns the local port of a socket, or 0 if it has none. */
unsigned client_port(int fd);
/* Returns true if a client can get this port. */
bool client_usable(const struct client *client, unsigned port);
/* Returns how many ports more than client_usable() counts a bind() to the route's source can get:
 * those used only on other addresses. 0 for programs that connect without bind(), because any bound
 * socket blocks the port for them. */
double client_elsewhere(const struct client *client, const struct route *route);
/* Marks the result as not comparable if it matters which of the first `count` sources the program
 * passes to bind() and the plan does not say which. */
void client_check_sources(const struct client *client, size_t count);
/* Returns true for the errors of a client that finds no port left: EADDRINUSE from bind(),
 * EADDRNOTAVAIL from connect(). */
bool client_ends_with(int error);

#endif
