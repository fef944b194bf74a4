/* Finds, by the rule of its tool, which files a command will write its result to. Opens no
 * files. */
#ifndef HEADROOM_PROBES_RESULT_SOURCES_H
#define HEADROOM_PROBES_RESULT_SOURCES_H

#include "probes/plan/plan.h"

enum {
	RESULT_SOURCES_MAX = 16
};

struct result_source {
	const char *path;  /* the path to open from here */
	const char *shown; /* the path to show */
	bool joins;        /* forms one result with the previous file */
};

struct result_sources {
	const char *tool;                   /* id; NULL: the results of this program cannot be read */
	const struct tool_results *results; /* NULL in the same case */
	struct result_source items[RESULT_SOURCES_MAX];
	size_t count;
	bool redirected; /* shell text redirects standard output to a file */
	bool several;    /* several runs: their counts are added, their rates are not */
};

/* `command` must have its wrappers removed. */
void result_sources_of(const struct plan_context *context,
		const struct plan_command *command,
		struct result_sources *ret_sources);

#endif
