/* How long the control groups of a command were stopped by their CPU quota, and which groups (v2)
 * belong to it. */
#ifndef HEADROOM_PROBES_WATCH_THROTTLE_H
#define HEADROOM_PROBES_WATCH_THROTTLE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "probes/host/source/source.h"

struct throttle;

/* The arena and the source must outlive it. */
struct throttle *throttle_new(struct arena *arena, struct source *source);

/* Follows the groups of this process and, as far as visible, those above them. The group of the
 * first process is that of whoever started the command. */
void throttle_follow(struct throttle *throttle, int pid);

/* Returns the stopped seconds since each group was first seen, of the group that was stopped
 * longest, summed over processors like in the kernel. 0 also if no group has a quota. */
double throttle_read(struct throttle *throttle);

/* Calls `each` with the id of every group (v2) of a followed process except the first one's. Groups
 * with other processes in them are left out; `only` is asked about each process of a group. */
typedef bool throttle_is_member(void *context, int pid);
typedef void throttle_group(void *context, uint64_t id);
void throttle_own_groups(struct throttle *throttle,
		throttle_is_member *only,
		throttle_group *each,
		void *context);

#endif
