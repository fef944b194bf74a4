/* Makes systemd read its files again. */
#ifndef HEADROOM_AUDIT_FIX_RELOAD_H
#define HEADROOM_AUDIT_FIX_RELOAD_H

#include "audit/fix/apply.h"

/* Does systemd run here, and is a drop-in of a service of this host among the changes? */
bool reload_is_due(const struct apply *apply);
/* Adds a line to `said` that tells what was done, or what failed. */
void reload_systemd(const struct apply *apply, struct text *said);

#endif
