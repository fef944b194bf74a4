/* Finds flags of the plan that have no effect on the chosen calibrators. */
#ifndef HEADROOM_AUDIT_CALIBRATE_EFFECTIVE_H
#define HEADROOM_AUDIT_CALIBRATE_EFFECTIVE_H

#include "audit/calibrate/calibration_set.h"

/* Fails with a usage error if a flag of the command line controls only calibrators that were not
 * chosen, or if it needs another flag. `plan` is the plan including the flags. Flags that say how
 * large the load is are always allowed, so that the user can give a whole plan. */
bool effective_flags(const struct options *options,
		const struct calibration_set *chosen,
		const struct workload *plan,
		struct error *err);

#endif
