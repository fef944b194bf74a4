/* One calibrator. To add one, write a file with one `const struct calibrator` and add a row to
 * calibrators.c. */
#ifndef HEADROOM_PROBES_STRESS_CALIBRATOR_H
#define HEADROOM_PROBES_STRESS_CALIBRATOR_H

#include <stdbool.h>

#include "probes/stress/calibration.h"
#include "probes/stress/settings.h"
#include "probes/stress/worker.h"

struct calibrator {
	const char *id, *title, *unit;
	/* A set of bits 1 << enum setting_id. If one of these settings could not be copied from the
	 * target, the result is not comparable. */
	unsigned long matters;
	unsigned hash_entries; /* size of a separate connection hash table for the namespace; 0: the
	                          host's table */
	bool no_network;       /* needs no namespace */
	/* It starts programs, which run in a PID namespace that ends with the worker. */
	bool own_pids;
	/* Called before the worker leaves the target's network namespace; NULL: nothing to do. */
	void (*outside)(struct worker *worker);
	/* The usual time budget in seconds, if the caller's is too short; 0: the caller's is enough. */
	double seconds_usual;
	double seconds_full; /* lowest time budget for `full`; 0: `full` changes nothing */
	/* Returns false with a reason if it cannot run on this target. NULL: it always can. */
	bool (*supported)(const struct calibrate_request *request, const char **ret_reason);
	void (*run)(struct worker *worker);
};

#endif
