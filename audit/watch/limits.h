/* What headroom watch knows about the host: the limits, how much of each is in use according to the
 * facts, and how to count sockets. Read repeatedly. */
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
	/* The use according to the facts, as in an audit: of the most used instance, and of each one.
	 * If `present` is false, the rule does not say how to find it, and only `observed` is there. */
	bool present;
	struct present now;
	const struct present *instances;
	size_t instance_count;
	const struct watched_limit *observed; /* NULL: nothing is observed */
};

struct watch_limits {
	struct arena *arena; /* owns everything here; NULL: nothing was read yet */
	struct watched_limits limits;
	struct watch_row *rows; /* always the same, in the same order */
	size_t row_count;
	unsigned low, high; /* the ephemeral range; 0 and 0: not known */
	int reuse;          /* see watched_reuse */
	bool by_size;       /* the size of /proc/PID/fd is the number of open files */
	const char *host;
};

/* Reads the host's facts; the limits are those of the preset "default", a client. Releases what was
 * read before, unless it fails. `all`: also reads every process, which takes several times as long.
 * false with err. */
bool watch_limits_read(const struct run *run,
		bool all,
		const struct rules *rules,
		const struct rule_extras *extras,
		struct watch_limits *limits,
		struct error *err);
void watch_limits_release(struct watch_limits *limits);

#endif
