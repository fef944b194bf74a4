/* Measures how many entries of the host's table one connection to a published port of a container
 * engine takes. The only measurement in the target's own network namespace, made only if the
 * request names the port. */
#ifndef HEADROOM_PROBES_STRESS_ENGINE_H
#define HEADROOM_PROBES_STRESS_ENGINE_H

#include "probes/stress/worker.h"

/* Opens and closes 16 connections, one after another. Reports entries_engine, or in the text
 * `engine` why not. */
void engine_measure(struct worker *worker);

#endif
