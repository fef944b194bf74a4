/* The container that a command has started. Its processes are children of the engine's daemon and
 * not of the command (a client), so they are found by their control group. */
#ifndef HEADROOM_PROBES_WATCH_CONTAINER_H
#define HEADROOM_PROBES_WATCH_CONTAINER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "probes/host/source/source.h"

struct container;

/* Only a container whose processes all started after this call can be the command's. */
struct container *container_new(struct arena *arena, struct source *source);

/* Gives the processes of the one container that was started since then, and returns their number.
 * Returns 0 if none or several were started, so that the right one is not known. Once found, the
 * container stays the same. The array is valid until the next look. */
size_t container_look(struct container *container, const int **ret_pids);

/* Reads the id from the text of /proc/PID/cgroup: 64 hexadecimal digits, as Docker, Podman and
 * containerd use. Returns false if there is none. Pure. */
enum {
	CONTAINER_ID = 64
};
bool container_id(const char *groups, char ret_id[CONTAINER_ID + 1]);

#endif
