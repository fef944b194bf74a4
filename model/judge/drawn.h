/* Computes the curves that charts draw of the plan over time, at scale 1: live connections,
 * TIME_WAIT and the use of every limit that applies; and what is left at the end of the plan. */
#ifndef HEADROOM_MODEL_JUDGE_DRAWN_H
#define HEADROOM_MODEL_JUDGE_DRAWN_H

#include "model/change.h"

/* Fills the curves of the result. They include the seconds that the verdict names: the peak of each
 * limit, and when it exceeds its target and its capacity. Needs result->expectation. */
void drawn_timeline(const struct situation *situation,
		const struct all_limits *limits,
		struct result *result);

#endif
