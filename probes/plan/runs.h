/* Several runs of a load test, one after another, as one plan: the run that asks for the most. */
#ifndef HEADROOM_PROBES_PLAN_RUNS_H
#define HEADROOM_PROBES_PLAN_RUNS_H

#include "probes/plan/plan.h"

/* The run of which no other asks for more in any respect, with the longest duration of all; false
 * with err if there is none. What runs open and close adds up: where they close connections while
 * they last, their opens and durations; where they close all of them at their end and it is known
 * when, the plan has a stage for each. `pauses` are the seconds before each run. A finding says so,
 * or what is not counted. */
bool runs_take_highest(const struct plan *plans,
		const double *pauses,
		size_t count,
		struct plan *ret_plan,
		struct error *err);
/* A run that is repeated an unknown number of times. */
void runs_note_repeats(struct plan *plan);
/* A server that the same script starts on this host. */
void runs_note_server(struct plan *plan, const char *server);

#endif
