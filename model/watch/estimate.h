/* What a measured run says about processors: from its rate per core, how many cores another plan
 * needs. Only an estimate; no verdict depends on it. Pure. */
#ifndef HEADROOM_MODEL_WATCH_ESTIMATE_H
#define HEADROOM_MODEL_WATCH_ESTIMATE_H

#include <stdbool.h>

/* Rates of the measured run. NAN: not known. */
struct measured_rates {
	double cores;             /* processor cores in use during the run */
	double opens_per_core;    /* connections opened per second of processor time */
	double requests_per_core; /* requests per second of processor time */
	bool same_command;
};

struct asked_rates {
	double opens_per_s, requests_per_s;
	double processors; /* of the host */
	double threads;    /* of the program, if the plan knows the number exactly */
};

struct cpu_estimate {
	double needed;    /* cores; NAN: nothing can be said */
	double available; /* NAN: not known */
	bool by_threads;  /* the program has fewer threads than the host has processors */
	bool of_requests; /* the next two are rates of requests; false: of opened connections */
	double rate;      /* what the plan asks for, per second; NAN: no rate */
	double per_core;  /* the measured rate */
};

struct cpu_estimate cpu_estimate_of(const struct measured_rates *seen,
		const struct asked_rates *asked);

#endif
