/* What a load test tool reports about its own run, and whether that speaks against certifying it.
 * Only requests without an answer count as errors on its side: a connection that failed, a timeout,
 * an iteration that was dropped. An answer never counts as an error. Pure. */
#ifndef HEADROOM_MODEL_WATCH_TOOL_RESULT_H
#define HEADROOM_MODEL_WATCH_TOOL_RESULT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "model/tool/figures.h"
#include "model/watch/charge.h"

/* What was read of one run. */
struct tool_result {
	const char *tool;  /* id of its rule: "vegeta" */
	const char *from;  /* "results.bin", "standard output"; NULL: nothing was read */
	const char *why;   /* nothing was read: a clause, "standard output is a terminal" */
	const char *part;  /* "its first and last 128 MiB"; NULL: all of it */
	const char *cause; /* of the most frequent kind of error, in words of ours; NULL: not known */
	double figures[RESULT_FIGURES]; /* NAN: not in it */
};

/* What the run was to do. NAN: not known. */
struct asked {
	double rate_per_s;  /* one rate all the time */
	double duration_s;  /* for so long */
	double connections; /* at once */
	double run_s;       /* how long the command ran */
};

struct result_limits {
	double errors_ratio; /* more errors than this are too many */
	double rate_ratio;   /* less of the asked rate is too little */
};

struct result_verdict {
	double requests, errors; /* errors: on the tool's side; NAN: not in the result */
	double error_ratio;
	double lost; /* connections that could not be opened */
	double lost_ratio;
	double dropped;
	double dropped_ratio;
	double rate, asked_rate, rate_ratio; /* of requests that were answered */
	bool too_many, too_slow;
	bool unsure;          /* failed requests and failed answers are one number, and it is large */
	const char *sentence; /* what the result says, with its numbers; NULL: nothing was read */
	const char *guilt;    /* a clause: why it is not certified; NULL: nothing speaks against it */
	struct charge_check check; /* what was compared with what is allowed */
};

struct tool_result tool_result_none(const char *tool, const char *why);

void tool_result_judge(struct arena *arena,
		const struct tool_result *result,
		const struct asked *asked,
		const struct result_limits *limits,
		struct result_verdict *ret_verdict);

#endif
