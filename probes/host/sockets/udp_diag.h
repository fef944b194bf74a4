/* Reads UDP sockets over netlink, which shows, unlike /proc/net/udp, which of them are IPv6
 * only. */
#ifndef HEADROOM_PROBES_HOST_SOCKETS_UDP_DIAG_H
#define HEADROOM_PROBES_HOST_SOCKETS_UDP_DIAG_H

#include <stdbool.h>

#include "probes/host/sockets/endpoint.h"

struct udp_socket {
	struct endpoint at;
	struct endpoint to; /* if not connected all 0, except the family */
	uint32_t inode;
	bool six_only;
	bool connected; /* connected; it is then not known whether it is IPv6 only */
};
typedef void udp_socket_fn(void *context, const struct udp_socket *socket);

/* Calls `each` for all sockets of both families. Returns 0 or an errno. */
int udp_diag_read(udp_socket_fn *each, void *context);

#endif
