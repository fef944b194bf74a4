/* Builds a plan's course over time: who opens when, and who closes after a lifetime. */
#ifndef HEADROOM_MODEL_LOAD_POPULATION_H
#define HEADROOM_MODEL_LOAD_POPULATION_H

#include "model/load/timeline.h"

/* The second at which the plan ends by its duration, its timeout or its stages; INFINITY: never. */
double population_end_s(const struct workload *workload);

/* `workload` must be completed. upstream: the other side of a proxy. */
struct timeline timeline_build(struct arena *arena, const struct workload *workload, bool upstream);
/* The same, where each event matters until follow_s at least: another load changes then. */
struct timeline timeline_build_until(struct arena *arena,
		const struct workload *workload,
		bool upstream,
		double follow_s);

#endif
