/* What could be safe where limits are unknown. */
#ifndef HEADROOM_MODEL_AT_MOST_H
#define HEADROOM_MODEL_AT_MOST_H

#include "model/change.h"
#include "model/result.h"

/* The load that passes, and the hosts that are needed, if everything that could not be read is as
 * good as it can be. */
struct at_most at_most_of(struct arena *arena,
		const struct state *state,
		const struct all_limits *limits);

#endif
