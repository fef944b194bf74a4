/* The reader of one load test tool. To add one, write probes/plan/tool/read_TOOL.c with one `const
 * struct plan_reader`, and add a row each to tool/tools.h and readers.c. */
#ifndef HEADROOM_PROBES_PLAN_READER_H
#define HEADROOM_PROBES_PLAN_READER_H

#include "probes/plan/plan.h"

struct plan_reader {
	const char *tool;            /* its name in reports; a reader may refine plan->tool (wrk2) */
	const char *const *programs; /* base names of the program, NULL-terminated */
	/* Container images whose entry point is the tool ("grafana/k6"), NULL-terminated; or NULL. */
	const char *const *images;
	const char *runtime; /* value of W_RUNTIME, set before read() */
	const char *role;    /* value of W_ROLE; NULL: client */
	/* Recognizes a program by more than its name (`java -jar ApacheJMeter.jar`). NULL: the name is
	 * enough. */
	bool (*matches)(const struct plan_command *command);
	/* Derives the plan from the command. `plan` already has runtime, role, tool and vantage. Never
	 * prints and never runs the test. Returns false with err, which names the word, for a mistake
	 * in the command; asks for missing numbers with plan_ask(). */
	bool (*read)(const struct plan_context *context,
			const struct plan_command *command,
			struct plan *plan,
			struct error *err);
	/* Returns false if this command makes no load (`vegeta report`). NULL: it always does. */
	bool (*loads)(const struct plan_command *command);
	const char *help; /* one line for docs and errors: what is read */
};

#endif
