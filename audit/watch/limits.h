/* What headroom watch knows of the host before it looks: the limits, and how sockets are to be
 * counted. It is read again now and then, since settings change. */
#ifndef HEADROOM_AUDIT_WATCH_LIMITS_H
#define HEADROOM_AUDIT_WATCH_LIMITS_H

#include "audit/cli/command.h"
#include "audit/rules/rules.h"
#include "model/watch/watched.h"

struct watch_limits {
	struct arena *arena; /* of all of it; NULL: nothing was read yet */
	struct watched_limits limits;
	unsigned low, high; /* the ephemeral range; 0, 0: it is not known */
	int reuse;          /* see watched_reuse */
	bool by_size;       /* the kernel says how many files are open by the size of /proc/PID/fd */
	const char *host;
};

/* Reads the host's facts. The limits are those that the plan "default" finds, a client's. What was
 * read before is released, unless this fails. */
bool watch_limits_read(const struct run *run,
		const struct rules *rules,
		const struct rule_extras *extras,
		struct watch_limits *limits,
		struct error *err);
void watch_limits_release(struct watch_limits *limits);

#endif
