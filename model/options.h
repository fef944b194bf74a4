/* How to judge a plan: what the user asked for, and what was measured on this host. */
#ifndef HEADROOM_MODEL_OPTIONS_H
#define HEADROOM_MODEL_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/list.h"
#include "model/measurement.h"

/* A limit that is judged and shown but does not count for the verdict. */
struct waiver {
	const char *id, *justification, *expires; /* YYYY-MM-DD */
	const char *by;                           /* who waived it; NULL: not known */
	bool expired;
};

struct limit_holder;

/* How many of the closes the client makes, if either side may close. */
enum closes {
	CLOSES_USUAL,   /* as in the verdict: the tool's median; over loopback all */
	CLOSES_HIGHEST, /* the highest share measured for the tool */
	CLOSES_LEAST    /* over loopback none */
};

struct model_options {
	double target;           /* target utilization, 0 < t <= 1 */
	bool planning_constants; /* default true */
	bool pessimistic; /* assume that this side closes every connection first, if either side may */
	enum closes closes;
	const char *const *ignore; /* ids of limits */
	size_t ignore_count;
	const struct waiver *waivers; /* the caller, who knows the date, sets `expired` */
	size_t waiver_count;
	/* How many seconds before this run the facts were read; negative: after it; NAN: not known. */
	double age_s;
	double max_age_s; /* facts older than this cannot pass; 0: no such limit */
	bool map;         /* make the capacity map */
	bool decides;     /* find which value of an unread number decides */
	bool no_plan;     /* the plan is only an example of what the host can carry */
	/* PIDs ("4711") of the processes whose use counts for limits per process; NULL: all that were
	 * seen. */
	const struct name_list *processes;
	const struct limit_holder *holder;      /* whose limits are judged; NULL: as the facts say */
	const struct measurement *measurements; /* made by calibrators on this host */
	size_t measurement_count;
};

#endif
