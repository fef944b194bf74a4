/* A client of the sandbox: it opens connections with the system calls the workload's program makes,
 * and, to be fast, can be confined to one port of the range. The target's listeners and bound
 * sockets in the range are there. */
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
	bool by_range;      /* IP_LOCAL_PORT_RANGE confines a socket to a port; else explicit bind() */
	unsigned low, high; /* the range in force in the sandbox */
	struct portset reserved, listening, bound; /* of the target */
	bool listening_known;
	struct imitation
			held; /* the listening and bound sockets with their addresses, where they are known */
	bool held_known;
	unsigned listen_port; /* outside the range, or one of its blocked ports */
	int listener;         /* on all addresses */
	size_t blockers;      /* ports of the range that are listened on or bound */
	double usable;        /* range less reserved less blocked */
	bool odd;             /* width of the range */
};

/* Reads the facts and the range in force, opens the listener with `backlog`. false: refused. */
bool client_init(struct client *client, struct worker *worker, int backlog);
/* Has `count` sockets listen in place of the one listener (SO_REUSEPORT), each with `backlog`. 0 or
 * an errno; those that were opened stay open. */
int client_share_listener(struct client *client, int backlog, size_t count, int *ret_fds);
/* Makes the sandbox's listeners and bound sockets like the target's: on their addresses, or on all
 * addresses where the ports alone are known. 0 or an errno. */
int client_block(struct client *client, struct holders *holders);

/* Route number `index` of the workload: 127/8 and fd00::/8 addresses on lo, or with `far` addresses
 * that are not loopback ones. Sources that the plan names and passes to bind() are used. Returns 0
 * or an errno. */
int client_route(const struct client *client,
		size_t source,
		size_t destination,
		bool far,
		struct route *ret);

/* A connection as the workload's program opens it, reset on close (`linger` -1: closed by FIN).
 * port 0: the kernel chooses; else this one alone. -1 and errno. */
int client_open(const struct client *client, const struct route *route, unsigned port, int linger);
/* Local port of a socket; 0 if it has none. */
unsigned client_port(int fd);
/* Is the port one that a client can get? */
bool client_usable(const struct client *client, unsigned port);
/* How many more ports than client_usable() says a bind() to the route's source gets: those held on
 * other addresses only. 0 for programs that connect without bind(): any bound socket keeps the port
 * from them. */
double client_elsewhere(const struct client *client, const struct route *route);
/* Marks the result as not comparable if it matters which of the first `count` sources the program
 * passes to bind() and the plan does not say which. */
void client_check_sources(const struct client *client, size_t count);
/* What refuses a client when no port is left: EADDRINUSE from bind(), EADDRNOTAVAIL from connect().
 */
bool client_ends_with(int error);

#endif
