/* Which files a command's result will be in, by the rule of its tool. Opens nothing. */
#ifndef HEADROOM_PROBES_RESULT_SOURCES_H
#define HEADROOM_PROBES_RESULT_SOURCES_H

#include "probes/plan/plan.h"

enum {
	RESULT_SOURCES_MAX = 16
};

struct result_source {
	const char *path;  /* the path from here */
	const char *shown; /* the path that is shown */
	bool joins;        /* it goes with the one before: both make one result */
};

struct result_sources {
	const char *tool;                   /* id; NULL: not a tool whose results can be read */
	const struct tool_results *results; /* NULL as well */
	struct result_source items[RESULT_SOURCES_MAX];
	size_t count;
	bool redirected; /* a shell's text sends its standard output to a file */
	bool several;    /* runs: their counts add up, their rates do not */
};

/* `command` is what the words of a command come to without wrappers. */
void result_sources_of(const struct plan_context *context,
		const struct plan_command *command,
		struct result_sources *ret_sources);

#endif
