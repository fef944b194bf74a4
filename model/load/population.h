/* Builds the course of a load over time: how many connections open when, and when they close after
 * their lifetime. */
#ifndef HEADROOM_MODEL_LOAD_POPULATION_H
#define HEADROOM_MODEL_LOAD_POPULATION_H

#include "model/load/timeline.h"

/* Returns the second at which the plan ends by its duration, timeout or stages; INFINITY: never. */
double population_end_s(const struct workload *workload);

/* Builds the timeline of a completed workload. `upstream`: the upstream side of a proxy. */
struct timeline timeline_build(struct arena *arena, const struct workload *workload, bool upstream);
/* The same, but events are kept until at least follow_s, because another load changes then. */
struct timeline timeline_build_until(struct arena *arena,
		const struct workload *workload,
		bool upstream,
		double follow_s);

#endif
