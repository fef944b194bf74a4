/* The processes of listeners. */
#ifndef HEADROOM_PROBES_HOST_SOCKETS_LISTENERS_H
#define HEADROOM_PROBES_HOST_SOCKETS_LISTENERS_H

#include "probes/host/probing.h"
#include "probes/host/sockets/tally.h"

/* Finds the processes of the listeners, and which listeners are the vantage process's own. Live
 * only. Returns a note for those without a process: why none was found. */
const char *listeners_find_processes(struct probing *probing, struct socket_tally *tally);

#endif
