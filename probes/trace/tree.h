/* The process tree whose calls are counted. */
#ifndef HEADROOM_PROBES_TRACE_TREE_H
#define HEADROOM_PROBES_TRACE_TREE_H

#include <stdbool.h>

#include "base/arena.h"
#include "model/why/calls.h"
#include "probes/host/source/source.h"

/* Follows the process and all its current descendants. Returns true if some may have been
 * missed. */
bool tree_follow(struct arena *arena, struct source *source, int root, struct calls *calls);

#endif
