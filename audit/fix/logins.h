/* The users whose logins get lines in limits.d. */
#ifndef HEADROOM_AUDIT_FIX_LOGINS_H
#define HEADROOM_AUDIT_FIX_LOGINS_H

#include "base/arena.h"
#include "report/emit/fix_values.h"

/* Returns the user who was judged. If that is root through sudo(8) on this host, it also returns
 * the user who called sudo. If the user is not known the list is empty, and the lines are for all
 * users and root. */
struct name_list fix_logins(struct arena *arena, const struct fix_values *values, bool live);
bool fix_is_plain_login(const char *name);

#endif
