/* Users that arrive over time, and the sockets that each of them opens in its session: together the
 * stages of a plan by rates. */
#ifndef HEADROOM_PROBES_PLAN_TOOL_ARRIVALS_H
#define HEADROOM_PROBES_PLAN_TOOL_ARRIVALS_H

#include "probes/plan/plan.h"

enum {
	ARRIVALS_MAX = 1000
};

/* Arrivals per second, from one second to another: linear in between. */
struct arrival_segment {
	double start_s, end_s;
	double from_per_s, to_per_s;
	const char *where;
};

struct arrivals {
	struct arrival_segment segments[ARRIVALS_MAX];
	size_t count;
	double end_s;
};

/* A socket of the mean user. */
struct opening {
	double offset_s; /* since the user arrived */
	double open_s;   /* how long it is open */
	double weight;   /* how many of them a user opens */
};

/* Adds a segment after the last one; a segment without length adds nothing. */
void arrivals_add(struct arrivals *arrivals,
		double seconds,
		double from_per_s,
		double to_per_s,
		const char *where);

/* Sets the stages. Where sockets are opened later than their users arrive, or `estimated`, they are
 * an estimate. */
void arrivals_set_stages(const struct arrivals *arrivals,
		const struct opening *openings,
		size_t count,
		bool estimated,
		struct plan *plan);

/* How long a socket is open in the mean; NAN: none is opened. *ret_sockets: that a user opens. */
double openings_mean_s(const struct opening *openings, size_t count, double *ret_sockets);

#endif
