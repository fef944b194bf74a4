/* The limits that an erl started from here would get. */
#ifndef HEADROOM_PROBES_HOST_PROCESSES_ERLANG_H
#define HEADROOM_PROBES_HOST_PROCESSES_ERLANG_H

#include "probes/host/probing.h"

/* Puts the erlang.* facts. On the live machine they come from PATH and the environment, which are
 * those of the shell. Starts nothing. If a node runs, erl is not looked for. */
void erlang_put(struct probing *probing, bool node_runs);

#endif
