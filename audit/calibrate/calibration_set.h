/* A calibration set: several calibrators, one after another, on this host and for one plan. The
 * predictions come from the model before the first of them runs; the results go to the document and
 * back into the model. */
#ifndef HEADROOM_AUDIT_CALIBRATE_CALIBRATION_SET_H
#define HEADROOM_AUDIT_CALIBRATE_CALIBRATION_SET_H

#include "audit/cli/options.h"
#include "model/model.h"
#include "probes/stress/calibrate.h"
#include "report/document/member.h"

struct calibration_set {
	const struct calibrator **chosen; /* in the order in which they run */
	struct calibration *results;      /* as many, once it ran */
	struct measurement *measurements;
	struct expectation expectation;
	size_t count;
	bool ran, stopped; /* stopped: by a signal; the rest was not run */
	bool broken;       /* a calibrator itself failed; it was said on standard error */
};

/* Is there a calibrator of this name? */
bool calibration_set_knows(const char *name);
/* Chooses by name, or those that take seconds where no name is given. A usage error for an unknown
 * name. */
bool calibration_set_choose(struct arena *arena,
		const char *const *names,
		size_t count,
		struct calibration_set *ret_campaign,
		struct error *err);
/* Refuses what cannot be calibrated: facts that are not this live host's. */
bool calibration_set_allowed(const struct options *options, struct error *err);
/* Runs it for the plan that was judged as `result`; one line of progress on a terminal's standard
 * error. */
void calibration_set_run(struct arena *arena,
		const struct options *options,
		const struct facts *facts,
		const struct result *result,
		struct calibration_set *calibration_set);
/* The document's "calibration": empty where none ran. */
cJSON *document_calibration(const struct members *put,
		const struct calibration_set *calibration_set);

#endif
