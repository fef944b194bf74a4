/* Tells how the run differs from its plan. The audit before the run judged the plan, so readers
 * must know first if the run was a different test. */
#ifndef HEADROOM_MODEL_WATCH_DIFFERS_H
#define HEADROOM_MODEL_WATCH_DIFFERS_H

#include <stdbool.h>

#include "base/arena.h"

/* Connections at one time, and connections opened in total. NAN: not known. */
struct plan_and_run {
	double live_planned, live_seen;
	double opened_planned, opened_seen;
	double run_s, planned_s; /* planned_s: NAN unless the plan says exactly how long it runs */
	bool at_most;            /* the plan is an upper bound: lower numbers are no difference */
};

/* Returns a sentence with both numbers and what to do if they differ by 20% and by more than
 * chance; else NULL. */
const char *run_differs(struct arena *arena, const struct plan_and_run *both);

#endif
