/* Combines several runs of a load test, one after another, into one plan: that of the run with the
 * highest load. */
#ifndef HEADROOM_PROBES_PLAN_RUNS_H
#define HEADROOM_PROBES_PLAN_RUNS_H

#include "probes/plan/plan.h"

/* Takes the run that no other run exceeds in any number, with the longest duration of all. What the
 * runs open and close adds up: their openings and durations if they close connections as they go,
 * or a stage for each if they close all at their end. A run of unknown length counts as
 * instantaneous, so that the next one meets everything it closed. `pauses`: seconds before each
 * run. A finding says what was combined or left out. Returns false with err if no run is the
 * highest. */
bool runs_take_highest(const struct plan *plans,
		const double *pauses,
		size_t count,
		struct plan *ret_plan,
		struct error *err);
/* Makes one load for each destination or run, in ret_plan and its `others`: for runs to different
 * destinations, at the same time, or that cannot be compared. `at_once`: the run begins before the
 * previous one ends. false with err. */
bool runs_take_apart(const struct plan *plans,
		const double *pauses,
		const bool *at_once,
		size_t count,
		struct plan *ret_plan,
		struct error *err);
/* Returns true if all runs have the same destination. */
bool runs_meet(const struct plan *plans, size_t count);

/* Returns the duration of a run in seconds; NAN: not known. */
double runs_length(const struct plan *plan);
/* Returns the most connections of a run. */
double runs_connections(const struct plan *plan);
/* Delays the run by `offset_s` seconds. Returns false if that cannot be written as stages. */
bool runs_begin_later(struct plan *plan, double offset_s);
/* Makes its stages end with closing all connections. */
void runs_end(struct plan *plan);

/* Adds the finding that a run is repeated an unknown number of times. */
void runs_note_repeats(const struct plan_context *context, struct plan *plan);
/* Adds the finding that the script also starts a server on this host. */
void runs_note_server(struct plan *plan, const char *server);
/* Adds the finding about programs that the script starts in the background before its load and that
 * are not known here. */
void runs_note_started(struct plan *plan, const struct name_list *started);

#endif
