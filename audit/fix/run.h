/* One run of headroom fix: the plan judged against the host, and the values that would fix it. */
#ifndef HEADROOM_AUDIT_FIX_RUN_H
#define HEADROOM_AUDIT_FIX_RUN_H

#include "audit/cli/options.h"
#include "audit/run/pipeline.h"
#include "base/os/json.h"
#include "report/emit/fix_values.h"

struct fix_run {
	struct pipeline pipeline;
	struct json *json;     /* the audit document that was named, or NULL */
	struct json *workload; /* the file of the workload, or NULL */
	cJSON *owned;          /* the audit document made by this run, or NULL */
	const cJSON *audit;    /* the root of one of these two */
	struct fix_values values;
};

/* Reads or makes the audit document that the command line names, and takes the values from it. To
 * be closed also after a failure. */
bool fix_judge(const struct run *run, struct fix_run *ret_fix, struct error *err);
void fix_close(struct fix_run *fix);

#endif
