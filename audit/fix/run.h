/* One run of headroom fix: the plan judged on the host, and the values that would make it fit. */
#ifndef HEADROOM_AUDIT_FIX_RUN_H
#define HEADROOM_AUDIT_FIX_RUN_H

#include "audit/cli/options.h"
#include "audit/run/pipeline.h"
#include "base/os/json.h"
#include "report/emit/fix_values.h"

struct fix_run {
	struct pipeline pipeline;
	struct json *json;     /* the audit document that the user named; NULL: none */
	struct json *workload; /* the workload file; NULL: none */
	cJSON *owned;          /* the audit document that this run made; NULL: none */
	const cJSON *audit;    /* the root of one of these two */
	struct fix_values values;
};

/* Reads or makes the audit document that the command line asks for, and takes the values from it.
 * Call fix_close also after a failure. false with err. */
bool fix_judge(const struct run *run, struct fix_run *ret_fix, struct error *err);
void fix_close(struct fix_run *fix);

#endif
