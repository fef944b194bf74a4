/* How long the control groups of a command were throttled by their quota of processor time, and
 * which groups (v2) are its own. */
#ifndef HEADROOM_PROBES_WATCH_THROTTLE_H
#define HEADROOM_PROBES_WATCH_THROTTLE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "probes/host/source/source.h"

struct throttle;

/* The arena and the source must outlive it. */
struct throttle *throttle_new(struct arena *arena, struct source *source);

/* Follows the groups of this process, and those above them, as far as they can be seen. The first
 * process's group is that of whoever started the command. */
void throttle_follow(struct throttle *throttle, int pid);

/* Seconds since each was first seen, of the group that was throttled longest. Summed over
 * processors, as the kernel counts. 0 also where no group has a quota. */
double throttle_read(struct throttle *throttle);

/* Calls each with the id of a group (v2) in which a process that was followed is, but not the first
 * one. `only`: asks about each process of the group. A group with others in it is left out. */
typedef bool throttle_is_member(void *context, int pid);
typedef void throttle_group(void *context, uint64_t id);
void throttle_own_groups(struct throttle *throttle,
		throttle_is_member *only,
		throttle_group *each,
		void *context);

#endif
