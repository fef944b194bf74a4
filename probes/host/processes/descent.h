/* Finds which of the processes in the facts descend from a given process. Only on the live
 * machine. */
#ifndef HEADROOM_PROBES_HOST_PROCESSES_DESCENT_H
#define HEADROOM_PROBES_HOST_PROCESSES_DESCENT_H

#include "base/list.h"
#include "model/fact.h"

/* Returns the instances of files.open and beam.fds_open (they are PIDs) that are that process or
 * descend from it, and in any case the process itself. */
struct name_list descent_of(struct arena *arena, const struct facts *facts, int pid);

#endif
