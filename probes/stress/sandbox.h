/* The supervisor: starts the worker, reads its reports, ends it in time, and leaves nothing
 * behind. */
#ifndef HEADROOM_PROBES_STRESS_SANDBOX_H
#define HEADROOM_PROBES_STRESS_SANDBOX_H

#include <signal.h>
#include <stdbool.h>

#include "base/error.h"
#include "probes/stress/protocol.h"
#include "probes/stress/worker.h"

struct sandbox_watch {
	calibrate_progress *progress;
	void *context;
	const volatile sig_atomic_t *stop;
};

/* Runs the calibrator in a worker and fills protocol->calibration. Returns false with err if
 * headroom itself failed. */
bool sandbox_run(const struct calibrator *calibrator,
		const struct calibrate_request *request,
		const struct sandbox_watch *watch,
		struct protocol *protocol,
		struct error *err);

#endif
