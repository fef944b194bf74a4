/* The tools whose command lines headroom reads: most by rules (probes/plan/data), and those whose
 * plan is a file by a reader in C. */
#ifndef HEADROOM_PROBES_PLAN_READERS_H
#define HEADROOM_PROBES_PLAN_READERS_H

#include "probes/plan/reader.h"

extern const struct plan_reader *const plan_readers[]; /* the readers in C, NULL-terminated */

/* Returns true if there is a load test tool with a program of this name. */
bool plan_names_tool(const struct rules *rules, const char *program);

/* Returns the reader in C for a command without wrappers, or NULL. */
const struct plan_reader *plan_reader_of(const struct plan_command *command);
/* Returns true if the command's program is a load test tool, by a rule or by a reader in C. */
bool plan_knows(const struct plan_context *context, const struct plan_command *command);
/* Returns true if it is one, and this command makes a load. */
bool plan_makes_load(const struct plan_context *context, const struct plan_command *command);
/* Returns true if the program accepts connections: it is a server or a proxy. */
bool plan_serves(const struct plan_context *context, const struct plan_command *command);
/* Returns the program that a container image with this name starts by itself
 * ("docker.io/grafana/k6:0.49"), or NULL. */
const char *plan_program_of_image(const struct plan_context *context, const char *image);

/* Turns argv into a plan: removes wrappers, finds the tool, calls its reader, applies the vantage.
 * The workload is not completed, and the user's flags are not merged. An unknown tool is an error
 * with a suggestion, unless the user's flags give the load: then they become the plan, and a
 * finding says so. false with err. */
bool plan_read(const struct plan_context *context,
		const char *const *argv,
		size_t count,
		struct plan *ret_plan,
		struct error *err);

/* Call it after merging the user's flags into plan->workload. Returns false with err if a question
 * is open; err lists every flag with its reason. */
bool plan_check_answers(const struct plan *plan, const struct workload *merged, struct error *err);

#endif
