/* Who owns each socket: the command, another program, or nobody knows. A socket is the command's if
 * one of its processes has it open, or if it was made in a control group that only the command is
 * in. No process has a TIME_WAIT socket open; it belongs to the owner of its connection. */
#ifndef HEADROOM_PROBES_WATCH_OWNERSHIP_H
#define HEADROOM_PROBES_WATCH_OWNERSHIP_H

#include "probes/host/sockets/tally.h"
#include "probes/watch/inodes.h"

enum owner {
	OWNER_OTHER, /* another program has it, or it was there before the command */
	OWNER_OWN,
	OWNER_MAYBE /* it came since the start, and lived too short for its process to be found */
};

struct owned {
	enum owner owner;
	bool before;      /* it was there before the command */
	bool found_other; /* this look told that it is another's, which came since the start */
};

/* What is known of the command's processes at one moment. */
struct holders {
	struct inodes held;   /* the sockets that they have open */
	struct inodes groups; /* ids of the control groups (v2) that only they are in */
	bool complete;        /* the descriptors of all of them could be read */
};

/* Fills the holders. */
typedef void holders_fn(void *context, struct holders *holders);

struct ownership;
struct ownership *ownership_new(holders_fn *look, void *context);
void ownership_free(struct ownership *ownership);

/* These sockets are there before the command starts. */
void ownership_before(struct ownership *ownership,
		const struct tally_socket *sockets,
		size_t count);

/* Whose each of the connected sockets is; all others are OWNER_OTHER. Looks at the processes only
 * if there are sockets that it does not know. */
void ownership_judge(struct ownership *ownership,
		const struct tally_socket *sockets,
		size_t count,
		struct owned *ret_owners);

/* Was any process of the command ever seen with a socket of any kind? Also true if one of them
 * could not be read. */
bool ownership_has_sockets(const struct ownership *ownership);

#endif
