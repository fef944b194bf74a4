/* One run of headroom fix: the plan judged against the host, and the values that would fix it. */
#ifndef HEADROOM_AUDIT_FIX_RUN_H
#define HEADROOM_AUDIT_FIX_RUN_H

#include "audit/cli/options.h"
#include "audit/run/pipeline.h"
#include "base/os/json.h"
#include "report/emit/fix_values.h"

struct fix_run {
	struct pipeline pipeline;
	struct json *json;     /* an audit document that was kept, or NULL */
	struct json *workload; /* the file of the workload, or NULL */
	cJSON *owned;          /* the one judged here, or NULL */
	const cJSON *audit;    /* one of both */
	struct fix_values values;
};

/* Judges what the command line names. Close in any case. */
bool fix_judge(const struct run *run, struct fix_run *ret_fix, struct error *err);
void fix_close(struct fix_run *fix);

#endif
