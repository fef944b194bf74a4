/* The model: facts + workload + rules → result. Pure: no file, no socket, no clock, no environment.
 */
#ifndef HEADROOM_MODEL_MODEL_H
#define HEADROOM_MODEL_MODEL_H

#include "model/options.h"
#include "model/result.h"

/* Judges one plan, as given (not completed). Fails only on bad input: a number that the plan needs
 * and that cannot be derived, an unknown id in --ignore, or no applicable limit. */
bool model_run(struct arena *arena,
		const struct rules *rules,
		const struct facts *facts,
		const struct loads *plan,
		const struct model_options *options,
		struct result *ret_result,
		struct error *err);
/* The same without fixes, hosts, timeline, findings, and where and when it breaks: verdict, limits
 * and highest safe load. */
bool model_judge(struct arena *arena,
		const struct rules *rules,
		const struct facts *facts,
		const struct loads *plan,
		const struct model_options *options,
		struct result *ret_result,
		struct error *err);

#endif
