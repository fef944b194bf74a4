/* Live kernel settings below /proc/sys, read and written as --apply and --undo need it. */
#ifndef HEADROOM_AUDIT_FIX_SYSCTL_H
#define HEADROOM_AUDIT_FIX_SYSCTL_H

#include "base/arena.h"
#include "base/error.h"
#include "report/emit/fix_values.h"

/* Is it a setting that headroom has facts about, and therefore may have changed? */
bool sysctl_is_known(struct arena *arena, const char *key);
/* The form in which values are compared and kept: single blanks between words, none at the ends. */
const char *sysctl_normal(struct arena *arena, const char *text);
/* The value in that form; NULL with err. Lives in the arena. */
const char *sysctl_live_read(struct arena *arena, const char *key, struct error *err);
/* Writes the value and reads it back; fails if the kernel has another value then. */
bool sysctl_live_write(struct arena *arena, const char *key, const char *value, struct error *err);
/* Returns the value to write if `now` is set and `to` is needed. It merges both as `change` says,
 * so that no number gets worse. Returns `to` if they cannot be merged. */
const char *sysctl_better(struct arena *arena,
		enum sysctl_change change,
		const char *now,
		const char *to);

#endif
