/* Which programs may be run only to ask them something. headroom promises to judge a load test
 * without running it, so it runs no program that a checkout or another user can have put there. */
#ifndef HEADROOM_PROBES_PLAN_COMMAND_FIND_H
#define HEADROOM_PROBES_PLAN_COMMAND_FIND_H

#include <stdbool.h>

#include "base/arena.h"

/* The absolute path of a program: a name is looked up in the absolute directories of PATH; a path
 * counts unless it leads into the checkout, which is the directory with .git at or above the
 * current one, else the current one. Neither the file nor a directory on the way to it may be
 * writable by others than root and this user.
 *
 * NULL with *ret_why NULL: there is no such program. NULL with a text: there is one, and it may not
 * be run; a clause ("./k6 is a path of this checkout"). */
const char *find_program(struct arena *arena, const char *name, const char **ret_why);

#endif
