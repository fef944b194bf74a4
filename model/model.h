/* The model turns facts, a plan and rules into a result. Pure: it uses no file, socket, clock or
 * environment. */
#ifndef HEADROOM_MODEL_MODEL_H
#define HEADROOM_MODEL_MODEL_H

#include "model/options.h"
#include "model/result.h"

/* Judges one plan, which must not be completed. Returns false with err for bad input only: the plan
 * lacks a number that cannot be derived, --ignore names an unknown id, or no limit applies. */
bool model_run(struct arena *arena,
		const struct rules *rules,
		const struct facts *facts,
		const struct loads *plan,
		const struct model_options *options,
		struct result *ret_result,
		struct error *err);
/* Does the same, but gives only the verdict, the limits and the safe load: no fixes, hosts,
 * timeline or findings, and not where and when the plan breaks. */
bool model_judge(struct arena *arena,
		const struct rules *rules,
		const struct facts *facts,
		const struct loads *plan,
		const struct model_options *options,
		struct result *ret_result,
		struct error *err);

#endif
