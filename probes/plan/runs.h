/* Several runs of a load test, one after another, as one plan: the run that asks for the most. */
#ifndef HEADROOM_PROBES_PLAN_RUNS_H
#define HEADROOM_PROBES_PLAN_RUNS_H

#include "probes/plan/plan.h"

/* The run of which no other asks for more in any respect, with the longest duration of all; false
 * with err if there is none. A finding says what the runs leave behind for each other. */
bool runs_take_highest(const struct plan *plans,
		size_t count,
		struct plan *ret_plan,
		struct error *err);
/* A run that is repeated an unknown number of times. */
void runs_note_repeats(struct plan *plan);
/* A server that the same script starts on this host. */
void runs_note_server(struct plan *plan, const char *server);

#endif
