/* The processes that a process has started, and theirs. */
#ifndef HEADROOM_PROBES_PLAN_COMMAND_DESCENDANTS_H
#define HEADROOM_PROBES_PLAN_COMMAND_DESCENDANTS_H

#include <stdbool.h>

/* From now on, descendants whose parent ends become this process's children, whatever session or
 * group they have made for themselves. */
bool descendants_adopt(void);
/* Kills and reaps all children until there is none, also those that are adopted meanwhile. Gives up
 * after a second: some may have another user's rights. */
void descendants_end(void);

#endif
