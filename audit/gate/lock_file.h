/* What a run taught, kept for the next plan of the same command: workload.lock.json,
 * headroom.lock/1, in the current directory. It is meant to be checked in beside the load test. */
#ifndef HEADROOM_AUDIT_GATE_LOCK_FILE_H
#define HEADROOM_AUDIT_GATE_LOCK_FILE_H

#include "audit/gate/gate.h"

/* Puts what was learned of this command under the user's own flags. Nothing there: nothing happens.
 */
bool lock_file_apply(const struct run *run, struct workload *workload, struct error *err);

/* Keeps what the gate saw; a run that was not certified teaches nothing. */
bool lock_file_keep(const struct gate *gate, struct error *err);

#endif
