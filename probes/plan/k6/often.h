/* Counts how often an iteration of a VU makes a call. */
#ifndef HEADROOM_PROBES_PLAN_K6_OFTEN_H
#define HEADROOM_PROBES_PLAN_K6_OFTEN_H

#include "probes/plan/k6/calls.h"

/* The function that a VU runs: its body in the script itself, and everything it reaches. */
struct k6_iteration {
	struct js_program *program;
	const struct js_reach *reach;
	struct js_module *main;
	size_t body; /* token of its body; 0: not found */
	/* The function whose callers were counted last, and the result. */
	const struct js_binding *counted;
	const struct js_module *counted_in;
	double counted_times;
	bool counted_maybe, counted_awaited;
};

/* Returns how often the call is made at most, including the callers of its function. INFINITY: it
 * is in a loop, or in a function that may be called any number of times. */
double k6_times(struct k6_iteration *iteration, const struct k6_call *call);
/* Returns how often the call is made at least, whatever the conditions are. */
double k6_times_always(struct k6_iteration *iteration, const struct k6_call *call);
/* Returns true if the iteration waits for the call's answer: `await` precedes it and every call of
 * its function. */
bool k6_is_awaited(struct k6_iteration *iteration, const struct k6_call *call);
/* Returns true if the call is in the `else` of an `if`. */
bool k6_is_alternative(const struct k6_call *call);

#endif
