/* Flags of the plan that no chosen calibrator looks at. */
#ifndef HEADROOM_AUDIT_CALIBRATE_EFFECTIVE_H
#define HEADROOM_AUDIT_CALIBRATE_EFFECTIVE_H

#include "audit/calibrate/calibration_set.h"

/* A usage error for a flag of the command line that steers other calibrators than those chosen, or
 * that needs another flag. `plan` is the plan with the flags in it. Flags that say how large the
 * load is steer none, and are no error: a plan may be given whole. */
bool effective_flags(const struct options *options,
		const struct calibration_set *chosen,
		const struct workload *plan,
		struct error *err);

#endif
