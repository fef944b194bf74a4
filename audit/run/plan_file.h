/* A load test tool's own file, given where a plan is expected: `headroom audit plan.jmx`. */
#ifndef HEADROOM_AUDIT_RUN_PLAN_FILE_H
#define HEADROOM_AUDIT_RUN_PLAN_FILE_H

#include "audit/cli/options.h"

/* Is it the name of a file of that kind, which is there? */
bool plan_file_is_named(const char *name);
/* The command that the file means. *ret_words is empty if the file is JSON, cannot be read, or is
 * not a regular file: then the caller may read it as one of headroom's plan files. */
bool plan_file_command(const struct run *run,
		const char *name,
		struct name_list *ret_words,
		struct error *err);
/* A run whose command after "--" is this one, in the arena. */
const struct run *plan_file_run(const struct run *run, const struct name_list *words);

#endif
