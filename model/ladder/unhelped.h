/* Limits that no change is enough for: why not. */
#ifndef HEADROOM_MODEL_LADDER_UNHELPED_H
#define HEADROOM_MODEL_LADDER_UNHELPED_H

#include "model/ladder/ladder_fix.h"

/* Says of each limit in c->stuck why nothing is enough for it, and of all limits who holds them.
 * `now`: as judged before the ladder, `after`: after its last step. */
void unhelped_explain(struct climb *c,
		const struct all_limits *now,
		const struct all_limits *after);

#endif
