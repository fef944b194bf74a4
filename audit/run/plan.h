/* Turns the words after "--" into a workload, with the readers of probes/plan and this machine's
 * files, environment and programs. Shared by `audit --`, `size --`, `workload --` and `gate --`. */
#ifndef HEADROOM_AUDIT_RUN_PLAN_H
#define HEADROOM_AUDIT_RUN_PLAN_H

#include "audit/cli/options.h"
#include "model/fact.h"
#include "model/load/loads.h"
#include "probes/plan/readers.h"
#include "probes/result/sources.h"

/* Derives the plan of options->child and merges the workload flags over it: ret_plan->workload is
 * what to judge, not completed. `rules` say how tools are read. Limits and processors are those of
 * `facts`; with --facts, nothing of this machine counts but the files that the command names. err
 * (of the user's input) names what is not understood, or every flag that is missing.
 *
 * `described` (or NULL) is what a checkout says about the plan: it fills in what the command leaves
 * open. *ret_alone is then the plan without it, or NULL where the command alone is none. */
bool plan_derive(const struct run *run,
		const struct rules *rules,
		const struct facts *facts,
		const struct workload *described,
		struct plan *ret_plan,
		const struct workload **ret_alone,
		struct error *err);

/* The plan's own load, which is the last, and those beside it. */
struct loads plan_loads(struct arena *arena, const struct plan *plan);

/* Finds out where the result of options->child will be. */
void plan_results(const struct run *run,
		const struct rules *rules,
		const struct facts *facts,
		struct result_sources *ret_sources);

/* A whole file of a plan: a regular one of at most PLAN_FILE_MAX bytes. err names the path. */
bool plan_bytes(struct arena *arena,
		const char *path,
		const char **ret_bytes,
		size_t *ret_length,
		struct error *err);

/* The facts as the tool will see them: a container's sysctls, limits of wrappers. Replaces facts
 * read from the host; origin given, with the wrapper as their place. */
bool plan_vantage_facts(const struct plan *plan, struct facts *facts, struct error *err);

/* Puts findings of the plan or of the vantage point before those of a result. */
void plan_findings(struct arena *arena,
		const struct finding *findings,
		size_t count,
		struct result *result);

#endif
