/* Findings: myths that fire, what a boot will change, and what the numbers alone do not say. */
#ifndef HEADROOM_MODEL_FINDING_H
#define HEADROOM_MODEL_FINDING_H

#include "model/change.h"

/* Fills ret_result->findings. `limits` are judged in `situation`. */
void findings_collect(const struct situation *situation,
		const struct all_limits *limits,
		struct result *ret_result);

#endif
