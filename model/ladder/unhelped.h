/* Explains why no change is enough for a limit. */
#ifndef HEADROOM_MODEL_LADDER_UNHELPED_H
#define HEADROOM_MODEL_LADDER_UNHELPED_H

#include "model/ladder/ladder_fix.h"

/* Says for each limit in c->stuck why no fix is enough, and for every limit which layer sets it.
 * `now`: as judged before the ladder; `after`: as judged after its last step. */
void unhelped_explain(struct climb *c,
		const struct all_limits *now,
		const struct all_limits *after);

#endif
