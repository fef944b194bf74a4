/* The calibrators, one row each, in the order in which they are run. */
#include "base/array.h"
#include "probes/stress/calibrate.h"
#include "probes/stress/calibrator.h"

extern const struct calibrator calibrator_ports, calibrator_fds, calibrator_accept,
		calibrator_churn;
extern const struct calibrator calibrator_conntrack, calibrator_memory, calibrator_erlang,
		calibrator_scale;

const struct calibrator *const calibrators[] = {
		&calibrator_ports,
		&calibrator_fds,
		&calibrator_accept,
		&calibrator_churn,
		&calibrator_conntrack,
		&calibrator_memory,
		&calibrator_erlang,
		&calibrator_scale,
};

const size_t calibrators_count = COUNT_OF(calibrators);
