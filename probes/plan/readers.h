/* The tools whose command lines headroom reads: rules (probes/plan/data), and for tools whose plan
 * is a file one C file and one row each. */
#ifndef HEADROOM_PROBES_PLAN_READERS_H
#define HEADROOM_PROBES_PLAN_READERS_H

#include "probes/plan/reader.h"

extern const struct plan_reader *const plan_readers[]; /* in C; NULL-terminated */

/* Is there a load test tool whose program has this name? */
bool plan_names_tool(const struct rules *rules, const char *program);

/* The reader of a command whose wrappers are off, if it is one in C; else NULL. */
const struct plan_reader *plan_reader_of(const struct plan_command *command);
/* Is the program of that command a load test tool, by a rule or by a reader in C? */
bool plan_knows(const struct plan_context *context, const struct plan_command *command);
/* Is it, and does this command make a load? */
bool plan_makes_load(const struct plan_context *context, const struct plan_command *command);
/* Does it take connections from others: is it a server or a proxy? */
bool plan_serves(const struct plan_context *context, const struct plan_command *command);
/* The program that a container image of that name starts by itself ("docker.io/grafana/k6:0.49"),
 * or NULL. */
const char *plan_program_of_image(const struct plan_context *context, const char *image);

/* From argv to the plan: removes wrappers, finds the tool, calls its reader, applies the vantage.
 * An unknown tool is an error with a suggestion, unless the user's flags give the load: then they
 * are the plan, and a finding says so. The workload is not completed and the user's flags are not
 * merged. */
bool plan_read(const struct plan_context *context,
		const char *const *argv,
		size_t count,
		struct plan *ret_plan,
		struct error *err);

/* After the user's flags were merged into plan->workload: fails if a question is open. err lists
 * every flag with its reason. */
bool plan_check_answers(const struct plan *plan, const struct workload *merged, struct error *err);

#endif
