/* How much could be safe if the limits that are unknown turned out well. */
#ifndef HEADROOM_MODEL_AT_MOST_H
#define HEADROOM_MODEL_AT_MOST_H

#include "model/change.h"
#include "model/result.h"

/* Returns the highest load that can pass and the fewest hosts that can be enough, assuming the best
 * of everything that could not be read. */
struct at_most at_most_of(struct arena *arena,
		const struct state *state,
		const struct all_limits *limits);

#endif
