/* Keeps what a run taught for the next plan of the same command (audit/run/lock_file.h). */
#ifndef HEADROOM_AUDIT_GATE_LOCK_KEEP_H
#define HEADROOM_AUDIT_GATE_LOCK_KEEP_H

#include "audit/gate/gate.h"

/* Before the run: can the file be read and written? Remembers which versions of the command's
 * programs and files are there. false: --learn could keep nothing. */
bool lock_keep_begin(struct gate *gate, struct error *err);

/* Adds what the gate saw; a run that was not certified teaches nothing. The file is there whole or
 * as it was. */
bool lock_keep(const struct gate *gate, struct error *err);

#endif
