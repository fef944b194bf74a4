/* UDP sockets over netlink, with what /proc/net/udp does not show: which are for IPv6 alone. */
#ifndef HEADROOM_PROBES_HOST_SOCKETS_UDP_DIAG_H
#define HEADROOM_PROBES_HOST_SOCKETS_UDP_DIAG_H

#include <stdbool.h>

#include "probes/host/sockets/endpoint.h"

struct udp_socket {
	struct endpoint at;
	struct endpoint to; /* all 0 where it is not connected, but for the family */
	uint32_t inode;
	bool six_only;
	bool connected; /* then it is not known whether it is for IPv6 alone */
};
typedef void udp_socket_fn(void *context, const struct udp_socket *socket);

/* All sockets of both families. 0 or an errno. */
int udp_diag_read(udp_socket_fn *each, void *context);

#endif
