/* A calibration set: several calibrators, one after another, on this host and for one plan. The
 * model makes the predictions before the first of them runs; the results go into the document and
 * back into the model. */
#ifndef HEADROOM_AUDIT_CALIBRATE_CALIBRATION_SET_H
#define HEADROOM_AUDIT_CALIBRATE_CALIBRATION_SET_H

#include "audit/cli/options.h"
#include "model/model.h"
#include "probes/stress/calibrate.h"
#include "report/document/member.h"

struct calibration_set {
	const struct calibrator **chosen; /* in the order in which they run */
	struct calibration *results;      /* one for each chosen calibrator, after the run */
	struct measurement *measurements;
	struct expectation expectation;
	size_t count;
	bool ran, stopped; /* stopped: a signal came, and the remaining calibrators were not run */
	bool broken;       /* a calibrator itself failed; standard error says why */
};

/* Returns true if there is a calibrator with this name. */
bool calibration_set_knows(const char *name);
/* Chooses calibrators by name. Without a name it chooses those that take only seconds. Fails with a
 * usage error if a name is unknown. */
bool calibration_set_choose(struct arena *arena,
		const char *const *names,
		size_t count,
		struct calibration_set *ret_campaign,
		struct error *err);
/* Fails if the facts are not those of this live host: nothing else can be calibrated. */
bool calibration_set_allowed(const struct options *options, struct error *err);
/* Runs the chosen calibrators for the plan that was judged as `result`. If standard error is a
 * terminal, it shows one line of progress. */
void calibration_set_run(struct arena *arena,
		const struct options *options,
		const struct facts *facts,
		const struct result *result,
		struct calibration_set *calibration_set);
/* Returns the member "calibration" of the document; it is empty if no calibrator ran. */
cJSON *document_calibration(const struct members *put,
		const struct calibration_set *calibration_set);

#endif
