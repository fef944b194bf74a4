/* Users that arrive over time, and the sockets that each opens in its session. Together they give
 * the stages of a plan, as rates. */
#ifndef HEADROOM_PROBES_PLAN_TOOL_ARRIVALS_H
#define HEADROOM_PROBES_PLAN_TOOL_ARRIVALS_H

#include "probes/plan/plan.h"

enum {
	ARRIVALS_MAX = 1000
};

/* Arrivals per second in a period; the rate changes linearly. */
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

/* A socket that an average user opens. */
struct opening {
	double offset_s; /* seconds after the user's arrival */
	double open_s;   /* seconds that it stays open */
	double weight;   /* how many of them a user opens */
};

/* Appends a segment; one without a length adds nothing. */
void arrivals_add(struct arrivals *arrivals,
		double seconds,
		double from_per_s,
		double to_per_s,
		const char *where);

/* Sets the stages of the plan. They are an estimate if `estimated`, or if sockets open later than
 * their users arrive. */
void arrivals_set_stages(const struct arrivals *arrivals,
		const struct opening *openings,
		size_t count,
		bool estimated,
		struct plan *plan);

/* Returns the mean seconds that a socket is open; NAN: none is opened. *ret_sockets: how many a
 * user opens. */
double openings_mean_s(const struct opening *openings, size_t count, double *ret_sockets);

#endif
