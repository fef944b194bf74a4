/* Finds programs that may be run only to ask them something. headroom promises to judge a load test
 * without running it, so it runs no program that a checkout or another user can have put there. */
#ifndef HEADROOM_PROBES_PLAN_COMMAND_FIND_H
#define HEADROOM_PROBES_PLAN_COMMAND_FIND_H

#include <stdbool.h>

#include "base/arena.h"

/* Returns the absolute path of a program. A name is looked up in the absolute directories of PATH.
 * A path must not lead into the checkout: the directory with .git at or above the current one, else
 * the current one. Only root and this user may be able to write the file and the directories above
 * it.
 *
 * Returns NULL if there is no such program or it must not be run; *ret_why is then NULL or a clause
 * ("./k6 is a path of this checkout"). */
const char *find_program(struct arena *arena, const char *name, const char **ret_why);

#endif
