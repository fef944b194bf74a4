/* Runs another program to ask it something (k6 inspect, nginx -v): no shell, bounded in time and
 * output. */
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
	int status;         /* exit status, signal, or errno of the start */
	struct text output; /* standard output, and standard error where asked for */
	struct text errors; /* the last of standard error, where it is not in the output */
};

struct run_request {
	const char *program;          /* looked up in PATH unless it contains a slash */
	const char *const *arguments; /* with argv[0], NULL-terminated */
	const char *const
			*environment; /* "NAME=VALUE" beside this process's own, NULL-terminated; or NULL */
	const char *cwd;      /* NULL: this process's own */
	double seconds_max;
	size_t bytes_max;
	bool with_errors; /* standard error into the output, too; else its end is kept apart */
	/* Called once if the program has not ended after slow_s; NULL: not called. */
	void (*slow)(const struct run_request *request);
	double slow_s;
};

/* Runs the program with an empty standard input. The program and all its descendants, in any
 * session, are ended when the program ends, when it exceeds its time or output, or when this
 * process ends. The caller releases result->output and result->errors. */
void run_program(const struct run_request *request, struct run_result *ret_result);

#endif
