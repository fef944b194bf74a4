/* Makes systemd reload its files. */
#ifndef HEADROOM_AUDIT_FIX_RELOAD_H
#define HEADROOM_AUDIT_FIX_RELOAD_H

#include "audit/fix/apply.h"

/* Returns true if systemd runs here and the changes include a drop-in for a service of this
 * host. */
bool reload_is_due(const struct apply *apply);
/* Appends a line to `said` that says what was done or what failed. */
void reload_systemd(const struct apply *apply, struct text *said);

#endif
