/* One live kernel setting under /proc/sys, read and written as --apply and --undo need it. */
#ifndef HEADROOM_AUDIT_FIX_SYSCTL_H
#define HEADROOM_AUDIT_FIX_SYSCTL_H

#include "base/arena.h"
#include "base/error.h"
#include "report/emit/fix_values.h"

/* Blanks and tabs as one blank, none at the ends: the form in which values are compared and kept.
 */
const char *sysctl_normal(struct arena *arena, const char *text);
/* NULL with err: it is not there, or cannot be read. */
const char *sysctl_live_read(struct arena *arena, const char *key, struct error *err);
/* Writes and reads back; a kernel that keeps another value is a failure. */
bool sysctl_live_write(struct arena *arena, const char *key, const char *value, struct error *err);
/* `to`, but never less than what is there: numbers and ranges as CHANGE_RAISE and CHANGE_WIDEN say.
 */
const char *sysctl_better(struct arena *arena,
		enum sysctl_change change,
		const char *now,
		const char *to);

#endif
