/* The public side: runs a calibrator and completes its result. */
#include "probes/stress/calibrate.h"

#include <math.h>
#include <string.h>

#include "base/array.h"
#include "base/os/clock.h"
#include "probes/stress/budget.h"
#include "probes/stress/calibrator.h"
#include "probes/stress/sandbox.h"

bool calibrate_bind_from_name(const char *name, enum calibrate_bind *ret_bind)
{
	static const char *const names[] = {
			[CALIBRATE_BIND_NONE] = "none",
			[CALIBRATE_BIND_WILDCARD] = "wildcard",
			[CALIBRATE_BIND_ADDRESS] = "address",
			[CALIBRATE_BIND_NOPORT] = "noport",
	};
	for (size_t i = 0; i < COUNT_OF(names); i++)
		if (strcmp(name, names[i]) == 0) {
			*ret_bind = (enum calibrate_bind)i;
			return true;
		}
	return false;
}

const struct calibrator *calibrator_find(const char *id)
{
	for (size_t i = 0; i < calibrators_count; i++)
		if (strcmp(calibrators[i]->id, id) == 0)
			return calibrators[i];
	return NULL;
}

const char *calibrator_id(const struct calibrator *calibrator)
{
	return calibrator->id;
}

const char *calibrator_title(const struct calibrator *calibrator)
{
	return calibrator->title;
}

const char *calibrator_unit(const struct calibrator *calibrator)
{
	return calibrator->unit;
}

double calibrator_seconds(const struct calibrator *calibrator, double otherwise)
{
	return fmax(calibrator->seconds_usual, otherwise);
}

bool calibrator_supported(const struct calibrator *calibrator,
		const struct calibrate_request *request,
		const char **ret_reason)
{
	*ret_reason = NULL;
	if (request->full && request->seconds < calibrator->seconds_full) {
		*ret_reason = "not run: --full needs a larger time budget";
		return false;
	}
	return !calibrator->supported || calibrator->supported(request, ret_reason);
}

static void stress_calibrate_prepare(const struct calibrator *calibrator,
		const struct calibrate_request *request,
		struct calibration *ret)
{
	*ret = (struct calibration){
			.id = calibrator->id,
			.title = calibrator->title,
			.unit = calibrator->unit,
			.predicted = request->predicted,
			.measured = NAN,
			.difference = NAN,
			.tolerance = 0,
			.reached = NAN,
			.rate_per_s = NAN,
			.comparable = true,
	};
	for (unsigned i = 0; i < CALIBRATION_DECILES; i++)
		ret->deciles[i] = NAN;
}

static void calibrate_complete(struct calibration *calibration)
{
	calibration->difference = calibration->measured - calibration->predicted;
	/* Both unlimited: no difference. */
	if (isinf(calibration->measured) && isinf(calibration->predicted))
		calibration->difference = 0;
	calibration->agrees = fabs(calibration->difference) <= calibration->tolerance ||
			(calibration->lower_bound && calibration->difference > 0);
	if (isnan(calibration->measured))
		calibration->comparable = false;
	if (calibration->not_copied_count && !calibration->reason)
		calibration->reason = "not comparable: a setting of the target could not be copied";
	if (isnan(calibration->measured) && !calibration->reason)
		calibration->reason = "ended without a result";
}

bool calibrate_run(struct arena *arena,
		const struct calibrator *calibrator,
		const struct calibrate_request *request,
		calibrate_progress *progress,
		void *context,
		const volatile sig_atomic_t *stop,
		struct calibration *ret,
		struct error *err)
{
	struct protocol protocol;
	const struct sandbox_watch watch = {.progress = progress, .context = context, .stop = stop};
	double start = clock_now_s();
	stress_calibrate_prepare(calibrator, request, ret);
	protocol_init(&protocol, arena, ret);
	if (!calibrator_supported(calibrator, request, &ret->reason)) {
		ret->comparable = false;
	} else if (budget_memory() <= 0) {
		ret->reason = "not run: this host has no memory to spare";
	} else if (!sandbox_run(calibrator, request, &watch, &protocol, err)) {
		return false;
	}
	ret->duration_s = clock_now_s() - start;
	if (isnan(ret->reached) && protocol.of > 0)
		ret->reached = protocol.done;
	calibrate_complete(ret);
	return true;
}
