/* What is known about a run after its end, and the conclusions. Data only. */
#ifndef HEADROOM_MODEL_WATCH_CERTIFICATE_H
#define HEADROOM_MODEL_WATCH_CERTIFICATE_H

#include "model/result.h"
#include "model/watch/busiest.h"
#include "model/watch/charge.h"
#include "model/watch/peak.h"

struct certify_input {
	/* The first sample is from before the start, the last from after the end. */
	const struct observations *seen;
	const struct busiest *busiest; /* NULL: nothing was counted */
	const struct watched_limits *limits;
	const struct result *plan; /* NULL: there was no prediction */
	double min_reached;        /* least part of the exactly planned load to reach, 0 to 1 */
	double max_cpu_wait;       /* as a part of the run's time, 0 to 1 */
	double run_s;
	int signal; /* the signal that ended the command; 0: none */
	int status; /* its exit status; 128 + n if a shell reports that signal n ended it */
	/* A program in the command that runs others elsewhere; "" or NULL: none. */
	const char *elsewhere;
	bool blind; /* it ran in a network namespace that headroom could not enter */
	/* Charges that the caller already knows: errors from the tool's result, timed-out from the exit
	 * code of the run, unseen from the command's words. certify() finds the other kinds. NULL: no
	 * charges. */
	const struct charge *given; /* array of CHARGES elements */
};

/* A predicted and an observed peak. */
struct compared {
	const char *id, *title;
	enum unit unit;
	/* difference: as a part of `predicted`; NAN: one of them is not known. */
	double predicted, seen, difference;
	bool peak; /* the highest value at one time, as far as the looks showed it */
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
	/* The first charge that is true; CHARGES: none, the run is certified. */
	enum charge_kind reason;
	const struct watched_limit *bottleneck; /* the limit of the load generator on this host that was
	                                           the bottleneck; NULL: none */
	const char *sentence;                   /* states the reason, or that there is none */
	const char *differs;        /* how plan and run differ by more than 20%; NULL: they do not */
	struct watched_peak *peaks; /* one for each limit, in their order */
	struct compared compared[COMPARED_MAX];
	size_t compared_count;
	double every_s; /* the longest time between two looks, in seconds; NAN: not known */
	struct remark remarks[REMARKS_MAX];
	size_t remark_count;
};

#endif
