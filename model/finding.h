/* Finds what the numbers alone do not say: myths that concern the plan, what the next boot will
 * change, and more. */
#ifndef HEADROOM_MODEL_FINDING_H
#define HEADROOM_MODEL_FINDING_H

#include "model/change.h"

/* Fills ret_result->findings. `limits` must have been judged in `situation`. */
void findings_collect(const struct situation *situation,
		const struct all_limits *limits,
		struct result *ret_result);

#endif
