/* What headroom watch knows of the host: the limits, how much of each is in use by the facts, and
 * how sockets are to be counted. It is read again and again. */
#ifndef HEADROOM_AUDIT_WATCH_LIMITS_H
#define HEADROOM_AUDIT_WATCH_LIMITS_H

#include "audit/cli/command.h"
#include "audit/rules/rules.h"
#include "model/watch/watched.h"

enum {
	WATCH_INSTANCES = 16
};

/* A row of the table. */
struct watch_row {
	const char *id, *title, *unit;
	enum unit quantity;
	enum scope scope;
	bool hard;
	/* What is in use by the facts, as every audit says it: of the fullest instance, and of each. A
	 * limit whose rule says nothing of it (`present` is false) has only what is observed. */
	bool present;
	struct present now;
	const struct present *instances;
	size_t instance_count;
	const struct watched_limit *observed; /* NULL: nothing is */
};

struct watch_limits {
	struct arena *arena; /* of all of it; NULL: nothing was read yet */
	struct watched_limits limits;
	struct watch_row *rows; /* always the same ones in the same order */
	size_t row_count;
	unsigned low, high; /* the ephemeral range; 0, 0: it is not known */
	int reuse;          /* see watched_reuse */
	bool by_size;       /* the kernel says how many files are open by the size of /proc/PID/fd */
	const char *host;
};

/* Reads the host's facts. The limits are those that the plan "default" finds, a client's. What was
 * read before is released, unless this fails. `all`: also what is found only by looking at every
 * process, which takes several times as long. */
bool watch_limits_read(const struct run *run,
		bool all,
		const struct rules *rules,
		const struct rule_extras *extras,
		struct watch_limits *limits,
		struct error *err);
void watch_limits_release(struct watch_limits *limits);

#endif
