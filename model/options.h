/* How plans are judged: what the user asked for, and what was measured on this host. */
#ifndef HEADROOM_MODEL_OPTIONS_H
#define HEADROOM_MODEL_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/list.h"
#include "model/measurement.h"

/* A limit that is judged and shown, but does not count for the verdict. */
struct waiver {
	const char *id, *justification, *expires; /* YYYY-MM-DD */
	const char *by;                           /* who waived it; NULL: not known */
	bool expired;
};

struct limit_holder;

/* Which part of the closes is the client's, where either side may close. */
enum closes {
	CLOSES_USUAL,   /* what the verdict takes: the tool's median; over loopback all of them */
	CLOSES_HIGHEST, /* the most that was measured of the tool */
	CLOSES_LEAST    /* over loopback none of them */
};

struct model_options {
	double target;           /* target utilization, 0 < t <= 1 */
	bool planning_constants; /* default true */
	bool pessimistic;        /* charge all closes to this side where either may close */
	enum closes closes;
	const char *const *ignore; /* limit ids */
	size_t ignore_count;
	const struct waiver *waivers; /* `expired` set by the caller, who knows the date */
	size_t waiver_count;
	/* How long before this run the facts were read; below 0: after it; NAN: not known. */
	double age_s;
	double max_age_s; /* the oldest that can pass; 0: any */
	bool map;         /* with the capacity map */
	bool decides;     /* with the value of an unread number that decides */
	bool no_plan;     /* the plan is only an example of what the host can carry */
	/* What limits of a process have in use: only of these ("4711"); NULL: of all that were seen. */
	const struct name_list *processes;
	const struct limit_holder *holder;      /* whose limits they are; NULL: what the facts tell */
	const struct measurement *measurements; /* of calibrators that ran on this host */
	size_t measurement_count;
};

#endif
