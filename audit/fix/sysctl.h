/* Reads and writes live kernel settings below /proc/sys for --apply and --undo. */
#ifndef HEADROOM_AUDIT_FIX_SYSCTL_H
#define HEADROOM_AUDIT_FIX_SYSCTL_H

#include "base/arena.h"
#include "base/error.h"
#include "report/emit/fix_values.h"

/* Returns true if headroom has facts about the setting, so that it may have changed it. */
bool sysctl_is_known(struct arena *arena, const char *key);
/* Returns the form in which values are compared and stored: single blanks between words, none at
 * the ends. */
const char *sysctl_normal(struct arena *arena, const char *text);
/* Returns the value in that form, in the arena; NULL with err. */
const char *sysctl_live_read(struct arena *arena, const char *key, struct error *err);
/* Writes the value and reads it back. Returns false with err, also if the kernel then has another
 * value. */
bool sysctl_live_write(struct arena *arena, const char *key, const char *value, struct error *err);
/* Returns the value to write if `now` is set and `to` is needed: merges both as `change` says, so
 * that no number gets worse, or returns `to` if they cannot be merged. */
const char *sysctl_better(struct arena *arena,
		enum sysctl_change change,
		const char *now,
		const char *to);

#endif
