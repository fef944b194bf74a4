/* The parts of headroom fix that change the host, and functions that they share with the
 * listing. */
#ifndef HEADROOM_AUDIT_COMMAND_APPLY_H
#define HEADROOM_AUDIT_COMMAND_APPLY_H

#include "audit/fix/run.h"

bool fix_apply(const struct run *run, const struct fix_run *fix, int *ret_exit, struct error *err);
bool fix_undo(const struct run *run, int *ret_exit, struct error *err);
/* *ret_exit becomes 0 if this host has what the plan needs, and 3 if it does not now or will not
 * after the next boot. */
bool fix_verify(const struct run *run, const struct fix_run *fix, int *ret_exit, struct error *err);
/* The same check, but for the values that --apply has set. */
bool fix_verify_journal(const struct run *run, int *ret_exit, struct error *err);

#endif
