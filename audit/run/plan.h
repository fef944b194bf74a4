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
 * what to judge, not completed. `rules` tell how to read tools; limits and processors come from
 * `facts` (with --facts nothing of this machine is used except files that the command names).
 * `described`, or NULL, is what a checkout says about the plan: it fills in what the command leaves
 * open. *ret_alone is the plan without it, or NULL if the command alone gives none. Returns false
 * with err, which names what is not understood, or every missing flag. */
bool plan_derive(const struct run *run,
		const struct rules *rules,
		const struct facts *facts,
		const struct workload *described,
		struct plan *ret_plan,
		const struct workload **ret_alone,
		struct error *err);

/* Returns all loads of the plan; its own load is the last. */
struct loads plan_loads(struct arena *arena, const struct plan *plan);

/* Finds where options->child will write its result. */
void plan_results(const struct run *run,
		const struct rules *rules,
		const struct facts *facts,
		struct result_sources *ret_sources);

/* Reads a whole file of a plan: a regular one of at most PLAN_FILE_MAX bytes. false with err, which
 * names the path. */
bool plan_bytes(struct arena *arena,
		const char *path,
		const char **ret_bytes,
		size_t *ret_length,
		struct error *err);

/* Changes the facts to those that the tool will see: a container's sysctls, limits set by wrappers.
 * Their origin is "given", and `where` names the wrapper. false with err. */
bool plan_vantage_facts(const struct plan *plan, struct facts *facts, struct error *err);

/* Puts findings about the plan or the vantage point before those of a result. */
void plan_findings(struct arena *arena,
		const struct finding *findings,
		size_t count,
		struct result *result);

#endif
