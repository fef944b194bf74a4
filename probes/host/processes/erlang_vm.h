/* A running Erlang VM. */
#ifndef HEADROOM_PROBES_HOST_PROCESSES_ERLANG_VM_H
#define HEADROOM_PROBES_HOST_PROCESSES_ERLANG_VM_H

#include "probes/host/probing.h"

/* Puts the beam.* facts of the process. Of its command line and its environment a snapshot keeps
 * only the flags that count here: they also hold the cookie. */
void erlang_vm_found(struct probing *probing, int pid);

#endif
