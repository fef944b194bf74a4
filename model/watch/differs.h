/* How the run differs from its plan. The audit before the run judged the plan: where the run was
 * another test, readers must know it first. */
#ifndef HEADROOM_MODEL_WATCH_DIFFERS_H
#define HEADROOM_MODEL_WATCH_DIFFERS_H

#include <stdbool.h>

#include "base/arena.h"

/* Connections at one time, and opened in all. NAN: not known. */
struct plan_and_run {
	double live_planned, live_seen;
	double opened_planned, opened_seen;
	double run_s, planned_s; /* planned_s: NAN unless the plan says exactly how long it runs */
	bool at_most;            /* the plan is a bound: fewer than that is no difference */
};

/* A sentence with both numbers, and what to do, where they differ by 20% and by more than chance;
 * else NULL. */
const char *run_differs(struct arena *arena, const struct plan_and_run *both);

#endif
