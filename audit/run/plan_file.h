/* A load test tool's file, given instead of a plan: `headroom audit plan.jmx`. */
#ifndef HEADROOM_AUDIT_RUN_PLAN_FILE_H
#define HEADROOM_AUDIT_RUN_PLAN_FILE_H

#include "audit/cli/options.h"

/* Returns true if a file with this name exists and ends like a file of such a tool. */
bool plan_file_is_named(const char *name);
/* Gives the command for the file. *ret_words is empty if the file is JSON, cannot be read, or is
 * not a regular file: the caller may then read it as one of headroom's plan files. false with
 * err. */
bool plan_file_command(const struct run *run,
		const char *name,
		struct name_list *ret_words,
		struct error *err);
/* Returns a run with this command after "--", in the arena. */
const struct run *plan_file_run(const struct run *run, const struct name_list *words);

#endif
