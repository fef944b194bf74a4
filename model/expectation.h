/* What calibrators should find on this host for this plan, from the same rules and facts as the
 * verdict, before any of them runs; and what they must know of the plan to push the same limits.
 * Unknown numbers are NAN. */
#ifndef HEADROOM_MODEL_EXPECTATION_H
#define HEADROOM_MODEL_EXPECTATION_H

#include "model/result.h"
#include "model/situation.h"

void expectation_make(const struct situation *situation,
		const struct result *result,
		struct expectation *ret_expectation);

/* The prediction for one calibrator, in its own unit, and how many pools it counts together. NAN:
 * none. */
double expectation_of(const struct expectation *expectation,
		const char *calibrator,
		double *ret_parts);

#endif
