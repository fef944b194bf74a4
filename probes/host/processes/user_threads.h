/* The threads of one user: what RLIMIT_NPROC counts. */
#ifndef HEADROOM_PROBES_HOST_PROCESSES_USER_THREADS_H
#define HEADROOM_PROBES_HOST_PROCESSES_USER_THREADS_H

#include <stddef.h>

#include "probes/host/probing.h"

/* The process ids that a live host has; `more`: it has others, too. Puts threads.of_user. */
void user_threads_put(struct probing *probing, const int *pids, size_t count, bool more);

#endif
