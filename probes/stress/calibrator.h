/* One calibrator. A new one is a file with one `const struct calibrator`, and one row in
 * calibrators.c. */
#ifndef HEADROOM_PROBES_STRESS_CALIBRATOR_H
#define HEADROOM_PROBES_STRESS_CALIBRATOR_H

#include <stdbool.h>

#include "probes/stress/calibration.h"
#include "probes/stress/settings.h"
#include "probes/stress/worker.h"

struct calibrator {
	const char *id, *title, *unit;
	/* A set of 1 << enum setting_id. Where one of these settings could not be copied from the
	 * target, the result is not comparable. */
	unsigned long matters;
	unsigned hash_entries; /* own table of connections in the namespace; 0: the host's */
	bool no_network;       /* needs no namespace */
	/* It starts programs: they live in a PID namespace that dies with the worker. */
	bool own_pids;
	/* Called before the worker leaves the target's network namespace; NULL: nothing to do there. */
	void (*outside)(struct worker *worker);
	/* The usual budget of time, where the caller's is too short for it; 0: the caller's will do. */
	double seconds_usual;
	double seconds_full; /* the least budget of time for `full`; 0: full changes nothing */
	/* Can it run on this target? False with a reason. NULL: it always can. */
	bool (*supported)(const struct calibrate_request *request, const char **ret_reason);
	void (*run)(struct worker *worker);
};

#endif
