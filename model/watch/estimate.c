#include "model/watch/estimate.h"

#include <math.h>

static void take_rate(struct cpu_estimate *estimate, double rate, double per_core)
{
	estimate->rate = rate;
	estimate->per_core = per_core;
	estimate->needed = rate / per_core;
}

static double available_cores(const struct asked_rates *asked, bool *ret_by_threads)
{
	double available = asked->processors;
	*ret_by_threads = asked->threads >= 1 && asked->threads < available;
	if (*ret_by_threads)
		available = asked->threads;
	return available;
}

struct cpu_estimate cpu_estimate_of(const struct measured_rates *seen,
		const struct asked_rates *asked)
{
	struct cpu_estimate estimate = {
			.needed = (double)NAN,
			.rate = (double)NAN,
			.per_core = (double)NAN,
	};
	estimate.available = available_cores(asked, &estimate.by_threads);
	bool requests = asked->requests_per_s > 0 && seen->requests_per_core > 0;
	bool opens = asked->opens_per_s > 0 && seen->opens_per_core > 0;
	if (requests) {
		estimate.of_requests = true;
		take_rate(&estimate, asked->requests_per_s, seen->requests_per_core);
		return estimate;
	}
	if (opens) {
		take_rate(&estimate, asked->opens_per_s, seen->opens_per_core);
		return estimate;
	}
	/* It asks for no rate: as fast as it can, as it did. */
	if (seen->same_command)
		estimate.needed = seen->cores;
	return estimate;
}
