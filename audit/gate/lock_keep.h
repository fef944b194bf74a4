/* Saves what a run taught for the next plan of the same command (audit/run/lock_file.h). */
#ifndef HEADROOM_AUDIT_GATE_LOCK_KEEP_H
#define HEADROOM_AUDIT_GATE_LOCK_KEEP_H

#include "audit/gate/gate.h"

/* Call before the run: checks that the file can be read and written, and remembers the versions of
 * the command's programs and files. Returns false with err if --learn could not save anything. */
bool lock_keep_begin(struct gate *gate, struct error *err);

/* Adds what the gate observed; a run that was not certified adds nothing. Returns false with err
 * and leaves the file unchanged. */
bool lock_keep(const struct gate *gate, struct error *err);

#endif
