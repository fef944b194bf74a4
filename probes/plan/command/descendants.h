/* The processes that a process has started, and theirs. */
#ifndef HEADROOM_PROBES_PLAN_COMMAND_DESCENDANTS_H
#define HEADROOM_PROBES_PLAN_COMMAND_DESCENDANTS_H

#include <stdbool.h>

/* From now on, descendants whose parent ends become this process's children, even in a session or
 * group that they made for themselves. */
bool descendants_adopt(void);
/* Kills and reaps all children until no child is left, including those that are adopted meanwhile.
 * Gives up after a second, because some may run as another user. */
void descendants_end(void);

#endif
