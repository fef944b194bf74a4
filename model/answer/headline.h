/* The answer in one or two sentences. */
#ifndef HEADROOM_MODEL_ANSWER_HEADLINE_H
#define HEADROOM_MODEL_ANSWER_HEADLINE_H

#include "model/result.h"

/* Returns the headline of a result whose verdict and numbers are known. It says "Safe to start"
 * only if every limit that applies passes by itself: none is ignored, and none passes only thanks
 * to a waiver. */
const char *headline_of(struct arena *arena,
		const struct result *result,
		const struct model_options *options);

#endif
