/* The parts of headroom fix that touch the host, and what they share with the listing. */
#ifndef HEADROOM_AUDIT_COMMAND_APPLY_H
#define HEADROOM_AUDIT_COMMAND_APPLY_H

#include "audit/cli/options.h"
#include "audit/run/pipeline.h"
#include "base/os/json.h"
#include "report/emit/fix_values.h"

struct fix_run {
	struct pipeline pipeline;
	struct json *json;  /* an audit document that was kept, or NULL */
	cJSON *owned;       /* the one judged here, or NULL */
	const cJSON *audit; /* one of both */
	struct fix_values values;
};

/* Judges what the command line names. Close in any case. */
bool fix_judge(const struct run *run, struct fix_run *ret_fix, struct error *err);
void fix_close(struct fix_run *fix);
/* 0: the plan fits after the ladder; 3 it does not; 4 unknown. */
int fix_exit(const cJSON *audit);

bool fix_apply(const struct run *run, const struct fix_run *fix, int *ret_exit, struct error *err);
bool fix_undo(const struct run *run, int *ret_exit, struct error *err);
/* 0: this host has what the plan needs; 3: it has not, or not for the next boot. */
bool fix_verify(const struct run *run, const struct fix_run *fix, int *ret_exit, struct error *err);
/* The same for what --apply has set. */
bool fix_verify_journal(const struct run *run, int *ret_exit, struct error *err);

#endif
