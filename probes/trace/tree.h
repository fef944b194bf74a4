/* The process tree whose calls count. */
#ifndef HEADROOM_PROBES_TRACE_TREE_H
#define HEADROOM_PROBES_TRACE_TREE_H

#include <stdbool.h>

#include "base/arena.h"
#include "model/why/calls.h"
#include "probes/host/source/source.h"

/* Follows the process and all that descend from it now. Returns true if there may be more than were
 * found. */
bool tree_follow(struct arena *arena, struct source *source, int root, struct calls *calls);

#endif
