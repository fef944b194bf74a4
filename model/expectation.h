/* Predicts what calibrators should find on this host for this plan, from the same rules and facts
 * as the verdict and before any calibrator runs. Also holds what they need to know of the plan.
 * Unknown numbers are NAN. */
#ifndef HEADROOM_MODEL_EXPECTATION_H
#define HEADROOM_MODEL_EXPECTATION_H

#include "model/result.h"
#include "model/situation.h"

void expectation_make(const struct situation *situation,
		const struct result *result,
		struct expectation *ret_expectation);

/* Returns the prediction for one calibrator in that calibrator's unit, and in *ret_parts how many
 * pools it adds together. NAN: there is no prediction. */
double expectation_of(const struct expectation *expectation,
		const char *calibrator,
		double *ret_parts);

#endif
