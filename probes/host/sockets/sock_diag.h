/* Reads TCP sockets over netlink. */
#ifndef HEADROOM_PROBES_HOST_SOCKETS_SOCK_DIAG_H
#define HEADROOM_PROBES_HOST_SOCKETS_SOCK_DIAG_H

#include "base/arena.h"
#include "probes/host/sockets/tally.h"

/* Fills the tally with sockets in all states and of both families. Returns 0 or an errno. */
int sock_diag_read(struct arena *arena, struct socket_tally *tally);

/* A dump that can be repeated over one netlink socket. It shows the network namespace in which it
 * was opened, listeners first. */
struct socket_dump;
typedef void socket_fn(void *context, const struct tally_socket *socket);
/* Returns NULL with an errno in *ret_error. Free with socket_dump_close. */
struct socket_dump *socket_dump_open(int *ret_error);
/* Calls `each` for every socket. Returns 0 or an errno. */
int socket_dump_read(struct socket_dump *dump, socket_fn *each, void *context);
void socket_dump_close(struct socket_dump *dump);

#endif
