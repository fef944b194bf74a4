/* Counts the threads of one user, which RLIMIT_NPROC limits. */
#ifndef HEADROOM_PROBES_HOST_PROCESSES_USER_THREADS_H
#define HEADROOM_PROBES_HOST_PROCESSES_USER_THREADS_H

#include <stddef.h>

#include "probes/host/probing.h"

/* Puts threads.of_user. `pids`: processes of a live host; `more`: there are others. */
void user_threads_put(struct probing *probing, const int *pids, size_t count, bool more);

#endif
