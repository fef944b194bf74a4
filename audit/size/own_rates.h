/* Computes how many cores and machines a plan's load tools need for themselves, from published
 * figures. */
#ifndef HEADROOM_AUDIT_SIZE_OWN_RATES_H
#define HEADROOM_AUDIT_SIZE_OWN_RATES_H

#include "audit/run/pipeline.h"

struct own_count {
	double cores;    /* fully used; 0: not known */
	double machines; /* of any size; 0: not known */
	struct text says;
};

/* Adds what the tool needs for this load, and a sentence that says how it was counted. */
void own_rates_add(const struct pipeline *pipeline,
		const struct tool_rule *tool,
		const struct workload *load,
		struct own_count *count);

/* Returns the fewest hosts with `cpus` processors each, of which the part `target` may be used; 0:
 * not known. */
double own_hosts(const struct own_count *count, double cpus, double target);

#endif
