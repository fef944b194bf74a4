/* Runs another program to ask it something (k6 inspect, nginx -v): without a shell, and with
 * bounded time and output. */
#ifndef HEADROOM_PROBES_PLAN_COMMAND_RUN_H
#define HEADROOM_PROBES_PLAN_COMMAND_RUN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"

enum run_end {
	RUN_EXITED,
	RUN_SIGNALLED,
	RUN_NOT_STARTED,
	RUN_TIMED_OUT,
	RUN_TOO_LONG
};

struct run_result {
	enum run_end end;
	int status;         /* exit status, number of the signal, or errno of the failed start */
	struct text output; /* standard output, and standard error if requested */
	struct text errors; /* the last part of standard error if it is not in the output */
};

struct run_request {
	const char *program;          /* looked up in PATH unless it contains a slash */
	const char *const *arguments; /* with argv[0], NULL-terminated */
	/* "NAME=VALUE" in addition to this process's environment, NULL-terminated; may be NULL. */
	const char *const *environment;
	const char *cwd; /* NULL: that of this process */
	double seconds_max;
	size_t bytes_max;
	bool with_errors; /* puts standard error into the output too; false: only its end is kept,
	                     separately */
	/* Called once if the program has not ended after slow_s; NULL: not called. */
	void (*slow)(const struct run_request *request);
	double slow_s;
};

/* Runs the program with an empty standard input. The program and all its descendants, in any
 * session, are killed when the program ends, when it exceeds its time or output, or when this
 * process ends. The caller releases result->output and result->errors. */
void run_program(const struct run_request *request, struct run_result *ret_result);

#endif
