/* What is known of a run after its end, and what was concluded from it: data alone. */
#ifndef HEADROOM_MODEL_WATCH_CERTIFICATE_H
#define HEADROOM_MODEL_WATCH_CERTIFICATE_H

#include "model/result.h"
#include "model/watch/busiest.h"
#include "model/watch/charge.h"
#include "model/watch/peak.h"

struct certify_input {
	const struct observations
			*seen; /* the first one was taken before the start, the last one after the end */
	const struct busiest *busiest; /* NULL: nothing was counted */
	const struct watched_limits *limits;
	const struct result *plan; /* NULL: nothing was predicted */
	double min_reached;        /* of what the plan says exactly */
	double max_cpu_wait;       /* of the run */
	double run_s;
	int signal; /* that ended the command; 0: it ended by itself */
	int status; /* how it ended: 128 + n where a shell saw signal n end it */
	const char
			*elsewhere; /* a program of the command that runs others elsewhere; "" or NULL: none */
	bool blind;         /* it ran in a network namespace that could not be entered */
	/* Charges that the caller knows already: errors from the tool's own result, timed-out from
	 * the code that ended the run, unseen from the command's words. The other kinds are found
	 * here. NULL: no charges. */
	const struct charge *given; /* CHARGES of them */
};

/* A predicted peak beside the seen one. */
struct compared {
	const char *id, *title;
	enum unit unit;
	double predicted, seen, difference; /* difference: of the predicted; NAN: one is not known */
	bool peak;                          /* the most at one time, as far as looks showed it */
};

struct remark {
	const char *id;
	bool lost; /* connections were lost */
	const char *text;
};

enum {
	COMPARED_MAX = 6,
	REMARKS_MAX = 16
};

struct certificate {
	struct charge charges[CHARGES];
	enum charge_kind reason; /* the first charge that is true; CHARGES: the run is certified */
	const struct watched_limit *bottleneck; /* the generator was it, here; NULL: it was not */
	const char *sentence;                   /* of the reason, or that there is no reason */
	const char *differs; /* plan and run are not the same by more than a fifth; NULL: they are */
	struct watched_peak *peaks; /* one for each of the limits, in their order */
	struct compared compared[COMPARED_MAX];
	size_t compared_count;
	double every_s; /* the longest time between two looks; NAN: not known */
	struct remark remarks[REMARKS_MAX];
	size_t remark_count;
};

#endif
