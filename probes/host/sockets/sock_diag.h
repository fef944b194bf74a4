/* TCP sockets over netlink. */
#ifndef HEADROOM_PROBES_HOST_SOCKETS_SOCK_DIAG_H
#define HEADROOM_PROBES_HOST_SOCKETS_SOCK_DIAG_H

#include "base/arena.h"
#include "probes/host/sockets/tally.h"

/* Fills the tally: all states, both families. 0 or an errno. */
int sock_diag_read(struct arena *arena, struct socket_tally *tally);

/* The dump by itself, as often as wanted over one netlink socket. It shows the network namespace in
 * which it was opened, listeners first. */
struct socket_dump;
typedef void socket_fn(void *context, const struct tally_socket *socket);
/* NULL with an errno in *ret_error. */
struct socket_dump *socket_dump_open(int *ret_error);
/* 0 or an errno. */
int socket_dump_read(struct socket_dump *dump, socket_fn *each, void *context);
void socket_dump_close(struct socket_dump *dump);

#endif
