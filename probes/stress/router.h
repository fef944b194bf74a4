/* Three network namespaces in a row that the worker creates: client – router – server. They have no
 * names and end with the worker, which switches between them (setns). */
#ifndef HEADROOM_PROBES_STRESS_ROUTER_H
#define HEADROOM_PROBES_STRESS_ROUTER_H

#include <netinet/in.h>

enum station {
	STATION_CLIENT,
	STATION_ROUTER,
	STATION_SERVER,
	STATIONS
};

struct router {
	int stations[STATIONS]; /* descriptors of the namespaces */
};

/* Addresses from 198.18.0.0/15, which is reserved for tests (RFC 2544). */
#define ROUTER_ADDRESS 0xc6120101U
#define ROUTER_CLIENT  0xc6120102U
#define ROUTER_INSIDE  0xc6130101U
#define ROUTER_SERVER  0xc6130102U

/* Creates the namespaces. The current one becomes the client's, and the process returns to it.
 * Returns 0, or an errno with the failed step in *ret_step. */
int router_make(struct router *router, const char **ret_step);
/* Switches to a namespace. Returns 0 or an errno. */
int router_enter(const struct router *router, enum station station);

#endif
