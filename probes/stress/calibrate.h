/* Calibration measures the real limits of this kernel, in a private network namespace with the
 * settings of the workload's own namespace. It changes nothing on the host and leaves nothing
 * behind, even after SIGKILL. Prints nothing. It needs the live host: callers refuse snapshots. */
#ifndef HEADROOM_PROBES_STRESS_CALIBRATE_H
#define HEADROOM_PROBES_STRESS_CALIBRATE_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"
#include "probes/stress/calibration.h"

/* The workload's words: "none" "wildcard" "address" "noport". */
bool calibrate_bind_from_name(const char *name, enum calibrate_bind *ret_bind);

struct calibrator;

/* All calibrators, in the order in which they run. */
extern const struct calibrator *const calibrators[];
extern const size_t calibrators_count;
const struct calibrator *calibrator_find(const char *id); /* NULL */
const char *calibrator_id(const struct calibrator *calibrator);
const char *calibrator_title(const struct calibrator *calibrator);
const char *calibrator_unit(const struct calibrator *calibrator);
/* The budget of time where the user named none: the calibrator's usual one, or `otherwise` if that
 * is longer. */
double calibrator_seconds(const struct calibrator *calibrator, double otherwise);
/* Can it run on this target at all? false: *ret_reason says why not. */
bool calibrator_supported(const struct calibrator *calibrator,
		const struct calibrate_request *request,
		const char **ret_reason);

/* Runs one calibrator. True also where the measurement could not be made or ended early (no right
 * to make a namespace, too little memory, time over, *stop set): the result then has a reason.
 * False: headroom itself failed, and err says how.
 * `progress` may be NULL; it is called ten times a second. `stop` may be NULL; once *stop is not 0,
 * the call returns within a second with what was measured so far. The kernel may need some seconds
 * more to remove a million sockets of the worker that ended. */
bool calibrate_run(struct arena *arena,
		const struct calibrator *calibrator,
		const struct calibrate_request *request,
		calibrate_progress *progress,
		void *context,
		const volatile sig_atomic_t *stop,
		struct calibration *ret,
		struct error *err);

#endif
