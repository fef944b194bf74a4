/* Calibration measures the real limits of this kernel, in a private network namespace with the
 * settings of the workload's namespace. It changes nothing on the host and leaves nothing behind,
 * even after SIGKILL. Prints nothing. It needs the live host: callers refuse snapshots. */
#ifndef HEADROOM_PROBES_STRESS_CALIBRATE_H
#define HEADROOM_PROBES_STRESS_CALIBRATE_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"
#include "probes/stress/calibration.h"

/* Reads the words of a workload: "none" "wildcard" "address" "noport". Returns false for any
 * other. */
bool calibrate_bind_from_name(const char *name, enum calibrate_bind *ret_bind);

struct calibrator;

/* All calibrators, in the order in which they run. */
extern const struct calibrator *const calibrators[];
extern const size_t calibrators_count;
const struct calibrator *calibrator_find(const char *id); /* NULL: no such calibrator */
const char *calibrator_id(const struct calibrator *calibrator);
const char *calibrator_title(const struct calibrator *calibrator);
const char *calibrator_unit(const struct calibrator *calibrator);
/* Returns the time budget if the user gave none: the calibrator's usual one, or `otherwise` if that
 * is longer. */
double calibrator_seconds(const struct calibrator *calibrator, double otherwise);
/* Returns false with *ret_reason if the calibrator cannot run on this target. */
bool calibrator_supported(const struct calibrator *calibrator,
		const struct calibrate_request *request,
		const char **ret_reason);

/* Runs one calibrator. Returns true even if the measurement failed or ended early (no right to
 * create a namespace, too little memory, time over, *stop set): the result then has a reason.
 * Returns false with err only if headroom itself failed. `progress`, which may be NULL, is called
 * ten times a second. Once *stop is not 0, the call returns within a second with what it has;
 * `stop` may be NULL. After that the kernel may need some seconds to remove a million sockets of
 * the worker. */
bool calibrate_run(struct arena *arena,
		const struct calibrator *calibrator,
		const struct calibrate_request *request,
		calibrate_progress *progress,
		void *context,
		const volatile sig_atomic_t *stop,
		struct calibration *ret,
		struct error *err);

#endif
