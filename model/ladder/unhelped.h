/* Limits that no change is enough for: why not. */
#ifndef HEADROOM_MODEL_LADDER_UNHELPED_H
#define HEADROOM_MODEL_LADDER_UNHELPED_H

#include "model/ladder/ladder_fix.h"

/* For each limit in c->stuck, says why no fix is enough; for all limits, says which layer sets
 * them. `now`: as judged before the ladder, `after`: after its last step. */
void unhelped_explain(struct climb *c,
		const struct all_limits *now,
		const struct all_limits *after);

#endif
