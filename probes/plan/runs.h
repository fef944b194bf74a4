/* Several runs of a load test, one after another, as one plan: the run that asks for the most. */
#ifndef HEADROOM_PROBES_PLAN_RUNS_H
#define HEADROOM_PROBES_PLAN_RUNS_H

#include "probes/plan/plan.h"

/* The run of which no other asks for more in any respect, with the longest duration of all; false
 * with err if there is none. What runs open and close adds up: where they close connections while
 * they last, their opens and durations; where they close all of them at their end, the plan has a
 * stage for each. One whose length is not known is over at once, so that the next finds all that it
 * closed. `pauses` are the seconds before each run. A finding says so, or what is not counted. */
bool runs_take_highest(const struct plan *plans,
		const double *pauses,
		size_t count,
		struct plan *ret_plan,
		struct error *err);
/* Divides runs to several destinations, runs at the same time, and runs that cannot be compared:
 * one load for each destination or run, in ret_plan and its `others`. `at_once`: a run begins
 * before the previous one ends. */
bool runs_take_apart(const struct plan *plans,
		const double *pauses,
		const bool *at_once,
		size_t count,
		struct plan *ret_plan,
		struct error *err);
/* Do all runs go to the same place? */
bool runs_meet(const struct plan *plans, size_t count);

/* How long a run lasts, in seconds; NAN: it is not known. */
double runs_length(const struct plan *plan);
/* The most connections of a run. */
double runs_connections(const struct plan *plan);
/* Makes the run begin `offset_s` seconds later. Returns false if it cannot be written as stages. */
bool runs_begin_later(struct plan *plan, double offset_s);
/* Its stages end with the close of all connections. */
void runs_end(struct plan *plan);

/* A run that is repeated an unknown number of times. */
void runs_note_repeats(const struct plan_context *context, struct plan *plan);
/* A server that the same script starts on this host. */
void runs_note_server(struct plan *plan, const char *server);
/* What it starts in the background before its load, and is not known here. */
void runs_note_started(struct plan *plan, const struct name_list *started);

#endif
