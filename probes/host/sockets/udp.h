/* Finds the ports of UDP sockets. */
#ifndef HEADROOM_PROBES_HOST_SOCKETS_UDP_H
#define HEADROOM_PROBES_HOST_SOCKETS_UDP_H

#include "probes/host/probing.h"

/* Puts ports.udp_bound. A snapshot keeps the ports as a file proc/net/udp without addresses. */
void udp_put(struct probing *probing);

#endif
