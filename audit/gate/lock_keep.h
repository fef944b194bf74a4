/* Keeps what a run taught for the next plan of the same command (audit/run/lock_file.h). */
#ifndef HEADROOM_AUDIT_GATE_LOCK_KEEP_H
#define HEADROOM_AUDIT_GATE_LOCK_KEEP_H

#include "audit/gate/gate.h"

/* Keeps what the gate saw; a run that was not certified teaches nothing. */
bool lock_keep(const struct gate *gate, struct error *err);

#endif
