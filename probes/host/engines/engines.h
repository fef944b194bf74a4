/* Finds the limits that a new container on this host would get, from the configuration of the
 * engines here and from running daemons, whose limits a container inherits. Asks no engine. */
#ifndef HEADROOM_PROBES_HOST_ENGINES_ENGINES_H
#define HEADROOM_PROBES_HOST_ENGINES_ENGINES_H

#include "probes/host/engines/found.h"
#include "probes/host/source/source.h"

void engines_read(struct arena *arena, struct source *source, struct engines *ret_engines);

#endif
