/* How many cores and machines the load tools of a plan need for themselves, by what was written
 * down about them. */
#ifndef HEADROOM_AUDIT_SIZE_OWN_RATES_H
#define HEADROOM_AUDIT_SIZE_OWN_RATES_H

#include "audit/run/pipeline.h"

struct own_count {
	double cores;    /* fully used; 0: nothing is known */
	double machines; /* however large; 0: nothing is known */
	struct text says;
};

/* Adds what the tool needs for this load, and a sentence that says how that was counted. */
void own_rates_add(const struct pipeline *pipeline,
		const struct tool_rule *tool,
		const struct workload *load,
		struct own_count *count);

/* The smallest number of hosts with `cpus` processors, of which the part `target` may be used. 0:
 * not known. */
double own_hosts(const struct own_count *count, double cpus, double target);

#endif
