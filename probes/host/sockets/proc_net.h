/* Reads sockets from the tables of /proc/net. */
#ifndef HEADROOM_PROBES_HOST_SOCKETS_PROC_NET_H
#define HEADROOM_PROBES_HOST_SOCKETS_PROC_NET_H

#include <stdbool.h>

#include "base/arena.h"
#include "probes/host/sockets/tally.h"
#include "probes/host/source/source.h"

/* Fills the tally from tcp and tcp6. Returns 0 or an errno. */
int proc_net_read(struct arena *arena, struct source *source, struct socket_tally *tally);
/* Parses one line of tcp, tcp6, udp or udp6. Returns false for the head line and for malformed
 * lines. */
bool proc_net_parse(const char *line, struct tally_socket *ret_socket);

#endif
