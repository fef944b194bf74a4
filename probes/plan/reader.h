/* The reader of one load test tool. A new one is a file probes/plan/tool/read_TOOL.c with one
 * `const struct plan_reader`, and one row each in tool/tools.h and readers.c. */
#ifndef HEADROOM_PROBES_PLAN_READER_H
#define HEADROOM_PROBES_PLAN_READER_H

#include "probes/plan/plan.h"

struct plan_reader {
	const char *tool;            /* as reports name it; a reader may refine plan->tool (wrk2) */
	const char *const *programs; /* base names of the binary, NULL-terminated */
	const char *const
			*images; /* container images whose entry point is the tool ("grafana/k6"), or NULL */
	const char *runtime; /* of W_RUNTIME, set before read() */
	const char *role;    /* of W_ROLE: NULL is client */
	/* Recognizes a program that its name does not reveal (`java -jar ApacheJMeter.jar`); NULL:
	 * by name alone. */
	bool (*matches)(const struct plan_command *command);
	/* Derives the plan from the command. `plan` already has runtime, role, tool and vantage.
	 * Never prints, never runs the test. A mistake in the command is an error that names the
	 * word; numbers that are merely missing are asked for with plan_ask(). */
	bool (*read)(const struct plan_context *context,
			const struct plan_command *command,
			struct plan *plan,
			struct error *err);
	/* False where this invocation makes no load (`vegeta report`); NULL: it always does. */
	bool (*loads)(const struct plan_command *command);
	const char *help; /* one line for docs and error texts: what is read */
};

#endif
