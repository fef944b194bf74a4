/* What an erl started from here would get. */
#ifndef HEADROOM_PROBES_HOST_PROCESSES_ERLANG_H
#define HEADROOM_PROBES_HOST_PROCESSES_ERLANG_H

#include "probes/host/probing.h"

/* Puts the erlang.* facts, live only: PATH and the environment are the shell's. Starts nothing. */
void erlang_on_path(struct probing *probing);

#endif
