/* Who owns each socket: the command, another program, or unknown. A socket is the command's if one
 * of its processes has it open, or if it was created in a control group that contains only the
 * command. A TIME_WAIT socket, which no process has open, belongs to the owner of its
 * connection. */
#ifndef HEADROOM_PROBES_WATCH_OWNERSHIP_H
#define HEADROOM_PROBES_WATCH_OWNERSHIP_H

#include "probes/host/sockets/tally.h"
#include "probes/watch/inodes.h"

enum owner {
	OWNER_OTHER, /* another program has it, or it is older than the command */
	OWNER_OWN,
	OWNER_MAYBE /* created after the start, and gone before its process was found */
};

struct owned {
	enum owner owner;
	bool before;      /* it is older than the command */
	bool found_other; /* this look found it to be another program's, created after the start */
};

/* What is known about the command's processes at one moment. */
struct holders {
	struct inodes held;   /* the sockets they have open */
	struct inodes groups; /* ids of the control groups (v2) that contain only them */
	bool complete;        /* the descriptors of all of them could be read */
};

/* Fills the holders. */
typedef void holders_fn(void *context, struct holders *holders);

struct ownership;
struct ownership *ownership_new(holders_fn *look, void *context);
void ownership_free(struct ownership *ownership);

/* Records the sockets that exist before the command starts. */
void ownership_before(struct ownership *ownership,
		const struct tally_socket *sockets,
		size_t count);

/* Says who owns each of the connected sockets; all others are OWNER_OTHER. Looks at the processes
 * only if there are unknown sockets. */
void ownership_judge(struct ownership *ownership,
		const struct tally_socket *sockets,
		size_t count,
		struct owned *ret_owners);

/* Returns true if a process of the command was ever seen with any socket, or could not be read. */
bool ownership_has_sockets(const struct ownership *ownership);

#endif
