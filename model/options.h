/* How plans are judged: what the user asked for, and what was measured on this host. */
#ifndef HEADROOM_MODEL_OPTIONS_H
#define HEADROOM_MODEL_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "model/measurement.h"

/* A limit that is judged and shown, but does not count for the verdict. */
struct waiver {
	const char *id, *justification, *expires; /* YYYY-MM-DD */
	const char *by;                           /* who waived it; NULL: not known */
	bool expired;
};

struct model_options {
	double target;             /* target utilization, 0 < t <= 1 */
	bool planning_constants;   /* default true */
	bool pessimistic;          /* charge all closes of a likely closer to this side */
	const char *const *ignore; /* limit ids */
	size_t ignore_count;
	const struct waiver *waivers; /* `expired` set by the caller, who knows the date */
	size_t waiver_count;
	/* How long before this run the facts were read; below 0: after it; NAN: not known. */
	double age_s;
	double max_age_s;                       /* the oldest that can pass; 0: any */
	const struct measurement *measurements; /* of calibrators that ran on this host */
	size_t measurement_count;
};

#endif
