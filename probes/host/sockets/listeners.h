/* Finds the processes of listeners. */
#ifndef HEADROOM_PROBES_HOST_SOCKETS_LISTENERS_H
#define HEADROOM_PROBES_HOST_SOCKETS_LISTENERS_H

#include "probes/host/probing.h"
#include "probes/host/sockets/tally.h"

/* Finds the processes of the listeners, and which listeners belong to the vantage process. Live
 * machine only. Returns a note that says why some have no process. */
const char *listeners_find_processes(struct probing *probing, struct socket_tally *tally);

#endif
