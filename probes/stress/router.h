/* Three network namespaces in a row, made by the worker for itself: client – router – server. They
 * have no names and are gone with the worker. The worker itself goes from one to the other (setns).
 */
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

/* 198.18.0.0/15 is for tests (RFC 2544). */
#define ROUTER_ADDRESS 0xc6120101U
#define ROUTER_CLIENT  0xc6120102U
#define ROUTER_INSIDE  0xc6130101U
#define ROUTER_SERVER  0xc6130102U

/* The namespace this process is in becomes the client's; it ends up there again. 0 or an errno, and
 * *ret_step what could not be done. */
int router_make(struct router *router, const char **ret_step);
/* 0 or an errno. */
int router_enter(const struct router *router, enum station station);

#endif
