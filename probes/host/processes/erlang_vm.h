/* Reads a running Erlang VM. */
#ifndef HEADROOM_PROBES_HOST_PROCESSES_ERLANG_VM_H
#define HEADROOM_PROBES_HOST_PROCESSES_ERLANG_VM_H

#include "probes/host/probing.h"

/* Puts the beam.* facts of the process. A snapshot keeps only the relevant flags, because the
 * command line and the environment also contain the cookie. */
void erlang_vm_found(struct probing *probing, int pid);

#endif
