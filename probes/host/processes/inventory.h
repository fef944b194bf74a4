/* Lists what one process has open: descriptors by kind, connections by destination, listeners. For
 * when something fails now; only on the live machine, and only with permission to read its
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
	OPEN_SOCKET, /* of another family, or an unknown one */
	OPEN_FILE,   /* including directories */
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

/* Returns the name in documents: "tcp", "deleted-file". */
const char *open_kind_name(enum open_kind kind);
/* Returns the kind of a link in /proc/PID/fd. `protocol`: the kernel's name for a socket's protocol
 * ("TCPv6"; "" if not known). Pure. */
enum open_kind open_kind_of(const char *target, const char *protocol);

enum {
	INVENTORY_GROUPS = 8,
	INVENTORY_LISTENERS = 8
};

/* TCP sockets of the process with the same destination, or accepted at the same listener. */
struct inventory_group {
	struct endpoint at; /* the destination; for accepted ones the local side */
	bool accepted;      /* their local port is a listener's, so the other side opened them */
	size_t total, states[STATES];
};

struct inventory_listener {
	struct endpoint at;
	uint32_t queue, backlog, drops;
	bool backlog_known, drops_known;
};

struct inventory {
	int error;      /* errno with which reading /proc/PID/fd failed; 0: none */
	int dump_error; /* errno with which listing the sockets failed; 0: none */
	bool partial;   /* not everything was read */
	size_t open, kinds[OPEN_KINDS];
	struct inventory_group groups[INVENTORY_GROUPS]; /* the largest first */
	size_t group_count, more_groups;
	struct inventory_listener listeners[INVENTORY_LISTENERS]; /* the longest queue first */
	size_t listener_count, more_listeners;
};

void inventory_read(struct arena *arena, int pid, struct inventory *ret_inventory);

#endif
