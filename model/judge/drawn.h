/* What charts draw of the plan over time at scale 1: live connections, TIME_WAIT and the use of
 * every limit that applies; and what the plan leaves behind at its end. */
#ifndef HEADROOM_MODEL_JUDGE_DRAWN_H
#define HEADROOM_MODEL_JUDGE_DRAWN_H

#include "model/change.h"

/* The curves have the seconds that the verdict names: of each limit its peak, and where it passes
 * the target and the capacity. result->expectation must be there. */
void drawn_timeline(const struct situation *situation,
		const struct all_limits *limits,
		struct result *result);

#endif
