/* Which of the processes that facts name belong to one that was asked about. Of the live machine
 * only. */
#ifndef HEADROOM_PROBES_HOST_PROCESSES_DESCENT_H
#define HEADROOM_PROBES_HOST_PROCESSES_DESCENT_H

#include "base/list.h"
#include "model/fact.h"

/* The instances of the facts that are named by process ids (files.open, beam.fds_open) and are that
 * process or descend from it; itself in any case. */
struct name_list descent_of(struct arena *arena, const struct facts *facts, int pid);

#endif
