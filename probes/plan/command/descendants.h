/* The children of a process, their children, and so on. */
#ifndef HEADROOM_PROBES_PLAN_COMMAND_DESCENDANTS_H
#define HEADROOM_PROBES_PLAN_COMMAND_DESCENDANTS_H

#include <stdbool.h>

/* Makes descendants whose parent ends children of this process, even if they are in a session or
 * group of their making. Returns false if the kernel refuses. */
bool descendants_adopt(void);
/* Kills and reaps children until none is left, including those adopted meanwhile. Gives up after a
 * second, because some may run as another user. */
void descendants_end(void);

#endif
