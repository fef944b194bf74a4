/* The answer in one or two sentences. */
#ifndef HEADROOM_MODEL_ANSWER_HEADLINE_H
#define HEADROOM_MODEL_ANSWER_HEADLINE_H

#include "model/result.h"

/* The headline of a result whose verdict and numbers are known. It says "Safe to start" only where
 * every limit that applies passes: not where one is ignored, or would fail but for a waiver. */
const char *headline_of(struct arena *arena,
		const struct result *result,
		const struct model_options *options);

#endif
