/* Between the calibrators and the rest: what to ask them for a plan on a host, what the model predicts, and their
 * results as JSON (headroom.calibration/1). */
#ifndef HEADROOM_AUDIT_CALIBRATION_H
#define HEADROOM_AUDIT_CALIBRATION_H

#include <cjson/cJSON.h>

#include "audit/member.h"
#include "model/workload.h"
#include "probes/stress/calibrate.h"

/* The plan's fields that are set, defaults for the rest. The facts must have their derived ones. */
struct calibrate_request calibration_request(const struct workload *workload, const struct facts *facts, bool full);

/* In the calibrator's unit; NAN where the model has no number. To be stored in the request before the run. */
double calibration_predict(const char *id, const struct calibrate_request *request);

cJSON *calibration_to_json(const struct members *put, const struct calibration *calibration);

#endif
