/* Whose logins lines of limits.d are for. */
#ifndef HEADROOM_AUDIT_FIX_LOGINS_H
#define HEADROOM_AUDIT_FIX_LOGINS_H

#include "base/arena.h"
#include "report/emit/fix_values.h"

/* The user who was judged; of root by sudo(8), on this host, also the one who called it, whose
 * login it is. None where the user is not known: then the lines are for everybody, and for root. */
struct name_list fix_logins(struct arena *arena, const struct fix_values *values, bool live);
bool fix_is_plain_login(const char *name);

#endif
