/* A container engine's own published port: how many entries of the host's table one connection to
 * it takes. The one measurement that is made in the target's own network namespace, and only where
 * the request names the port. */
#ifndef HEADROOM_PROBES_STRESS_ENGINE_H
#define HEADROOM_PROBES_STRESS_ENGINE_H

#include "probes/stress/worker.h"

/* 16 connections, one after another, opened and closed. Tells entries_engine, or in the text engine
 * why not. */
void engine_measure(struct worker *worker);

#endif
