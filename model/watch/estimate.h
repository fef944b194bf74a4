/* What a measured run says about processors: its rate per core is a bound for another plan. Only an
 * estimate: no verdict depends on it. Pure. */
#ifndef HEADROOM_MODEL_WATCH_ESTIMATE_H
#define HEADROOM_MODEL_WATCH_ESTIMATE_H

#include <stdbool.h>

/* NAN: not known. */
struct measured_rates {
	double cores;             /* in use while it ran */
	double opens_per_core;    /* connections opened per second of processor time */
	double requests_per_core; /* the same of requests */
	bool same_command;
};

struct asked_rates {
	double opens_per_s, requests_per_s;
	double processors; /* of the host */
	double threads;    /* of the program, where the plan knows them exactly */
};

struct cpu_estimate {
	double needed;    /* cores; NAN: nothing can be said */
	double available; /* NAN: not known */
	bool by_threads;  /* the program's threads are fewer than the processors */
	bool of_requests; /* of which rate the next two are */
	double rate;      /* what the plan asks for; NAN: it asks for no rate */
	double per_core;  /* what was measured */
};

struct cpu_estimate cpu_estimate_of(const struct measured_rates *seen,
		const struct asked_rates *asked);

#endif
