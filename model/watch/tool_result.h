/* What a load test tool reports about its run, and whether that prevents certifying it. Only
 * requests without an answer count as errors on its side: a failed connection, a timeout, a dropped
 * iteration. An answer of any kind is no error. Pure. */
#ifndef HEADROOM_MODEL_WATCH_TOOL_RESULT_H
#define HEADROOM_MODEL_WATCH_TOOL_RESULT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "model/tool/figures.h"
#include "model/watch/charge.h"

/* What was read from the result of one run. */
struct tool_result {
	const char *tool;  /* id of the tool's rule: "vegeta" */
	const char *from;  /* "results.bin", "standard output"; NULL: nothing was read */
	const char *why;   /* if nothing was read, a clause: "standard output is a terminal" */
	const char *part;  /* "its first and last 128 MiB"; NULL: all of it */
	const char *cause; /* cause of the most frequent kind of error, in headroom's words; NULL: not
	                      known */
	double figures[RESULT_FIGURES]; /* NAN: not in the result */
};

/* What the run was asked to do. NAN: not known. */
struct asked {
	double rate_per_s;  /* a constant rate */
	double duration_s;  /* for this long */
	double connections; /* at once */
	double run_s;       /* how long the command actually ran */
};

struct result_limits {
	double errors_ratio; /* a larger part of errors is too many */
	double rate_ratio;   /* a smaller part of the asked rate is too slow */
};

struct result_verdict {
	double requests, errors; /* errors: on the tool's side; NAN: not in the result */
	double error_ratio;
	double lost; /* connections that could not be opened */
	double lost_ratio;
	double dropped;
	double dropped_ratio;
	double rate, asked_rate, rate_ratio; /* of answered requests, per second */
	bool too_many, too_slow;
	bool unsure;          /* failed requests and failed answers are one number, which is large */
	const char *sentence; /* what the result says, with numbers; NULL: nothing was read */
	const char *guilt;    /* a clause: why the run is not certified; NULL: no objection */
	struct charge_check check; /* what was compared with what is allowed */
};

struct tool_result tool_result_none(const char *tool, const char *why);

void tool_result_judge(struct arena *arena,
		const struct tool_result *result,
		const struct asked *asked,
		const struct result_limits *limits,
		struct result_verdict *ret_verdict);

#endif
