/* What one process has open: descriptors by kind, its connections by where they go, its listeners.
 * Asked for when something fails now. Of the live machine only; needs the right to read its
 * /proc/PID/fd. */
#ifndef HEADROOM_PROBES_HOST_PROCESSES_INVENTORY_H
#define HEADROOM_PROBES_HOST_PROCESSES_INVENTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "probes/host/sockets/tally.h"

enum open_kind {
	OPEN_TCP,
	OPEN_UDP,
	OPEN_UNIX,
	OPEN_SOCKET, /* of another family, or it is not known of which */
	OPEN_FILE,   /* and directories */
	OPEN_DELETED,
	OPEN_MEMFD,
	OPEN_DEVICE,
	OPEN_PIPE,
	OPEN_EPOLL,
	OPEN_EVENTFD,
	OPEN_INOTIFY,
	OPEN_TIMERFD,
	OPEN_OTHER,
	OPEN_KINDS
};

/* "tcp", "deleted-file": as the documents name them. */
const char *open_kind_name(enum open_kind kind);
/* The kind of a link of /proc/PID/fd. For a socket, `protocol` is its protocol as the kernel calls
 * it ("TCPv6"; "" if it is not known). Pure. */
enum open_kind open_kind_of(const char *target, const char *protocol);

enum {
	INVENTORY_GROUPS = 8,
	INVENTORY_LISTENERS = 8
};

/* TCP sockets of the process that go to one place, or were accepted at one. */
struct inventory_group {
	struct endpoint at; /* the destination; of accepted ones the own side */
	bool accepted;      /* their local port is a listener's: the other side opened them */
	size_t total, states[STATES];
};

struct inventory_listener {
	struct endpoint at;
	uint32_t queue, backlog, drops;
	bool backlog_known, drops_known;
};

struct inventory {
	int error;      /* why /proc/PID/fd could not be read, an errno; 0: it was */
	int dump_error; /* why the sockets could not be listed; 0: they were */
	bool partial;   /* there is more than was read */
	size_t open, kinds[OPEN_KINDS];
	struct inventory_group groups[INVENTORY_GROUPS]; /* the largest first */
	size_t group_count, more_groups;
	struct inventory_listener listeners[INVENTORY_LISTENERS]; /* the longest queue first */
	size_t listener_count, more_listeners;
};

void inventory_read(struct arena *arena, int pid, struct inventory *ret_inventory);

#endif
