/* What an erl started from here would get. */
#ifndef HEADROOM_PROBES_HOST_PROCESSES_ERLANG_H
#define HEADROOM_PROBES_HOST_PROCESSES_ERLANG_H

#include "probes/host/probing.h"

/* Puts the erlang.* facts. Live, they come from PATH and the environment, which are those of the
 * shell. Starts nothing. */
void erlang_on_path(struct probing *probing);

#endif
