/* How often an iteration of a VU gets to a call. */
#ifndef HEADROOM_PROBES_PLAN_K6_OFTEN_H
#define HEADROOM_PROBES_PLAN_K6_OFTEN_H

#include "probes/plan/k6/calls.h"

/* The function that a VU runs: its body in the script itself, and all that it reaches. */
struct k6_iteration {
	struct js_program *program;
	const struct js_reach *reach;
	struct js_module *main;
	size_t body; /* 0: not found */
	/* The function whose callers were counted last. */
	const struct js_binding *counted;
	const struct js_module *counted_in;
	double counted_times;
	bool counted_maybe, counted_awaited;
};

/* How often the call is made at most, including the callers of its function. INFINITY: in a loop,
 * or in a function that something else may call any number of times. */
double k6_times(struct k6_iteration *iteration, const struct k6_call *call);
/* How often the call is made at least, whether conditions are true or not. */
double k6_times_always(struct k6_iteration *iteration, const struct k6_call *call);
/* Is the iteration held up until the call has answered: `await` before it, and before every call of
 * the function that it is in? */
bool k6_is_awaited(struct k6_iteration *iteration, const struct k6_call *call);
/* Is the call in the `else` of an `if`? */
bool k6_is_alternative(const struct k6_call *call);

#endif
