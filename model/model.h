/* The model: facts + workload + rules → result. Pure: no file, no socket, no clock, no environment.
 */
#ifndef HEADROOM_MODEL_MODEL_H
#define HEADROOM_MODEL_MODEL_H

#include "model/measurement.h"
#include "model/result.h"

struct model_options {
	double target;             /* target utilization, 0 < t <= 1 */
	bool planning_constants;   /* default true */
	bool pessimistic;          /* charge all closes of a likely closer to this side */
	const char *const *ignore; /* limit ids */
	size_t ignore_count;
	const struct waiver *waivers; /* `expired` set by the caller, who knows the date */
	size_t waiver_count;
	const struct measurement *measurements; /* of calibrators that ran on this host */
	size_t measurement_count;
};

/* Judges one plan. `workload` as given (not completed). Fails only on bad input (a number that the
 * plan needs and that cannot be derived, an unknown id in --ignore, nothing applicable). */
bool model_run(struct arena *arena,
		const struct rules *rules,
		const struct facts *facts,
		const struct workload *workload,
		const struct model_options *options,
		struct result *ret_result,
		struct error *err);

#endif
