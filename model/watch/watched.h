/* The limits that can be watched while something runs: what is used of each, and how much there is.
 * They are the rules that say what to observe ("observed"), with the capacity of the rule, and a
 * few limits that no plan can be judged by. */
#ifndef HEADROOM_MODEL_WATCH_WATCHED_H
#define HEADROOM_MODEL_WATCH_WATCHED_H

#include "model/names.h"
#include "model/result.h"
#include "model/watch/observation.h"

/* Whose limit it is: a listener's means nothing to a client, a destination's nothing to a server.
 */
enum watched_side {
	WATCHED_BY_ALL,
	WATCHED_BY_CLIENTS,
	WATCHED_BY_SERVERS
};

struct watched_limit {
	const char *id, *title; /* title: of a row */
	const char *phrase;     /* its name within a sentence */
	const char *unit;       /* a plural noun, "ports" */
	enum unit quantity;     /* how its numbers are shown */
	enum watched_side side; /* whose limit it is */
	bool processor;         /* processor time: full only if it was so for half of the run */
	bool loses;             /* once it is full, connections fail or are dropped */
	enum scope scope;       /* whose use it is: a destination's, a listener's, the host's */
	bool hard;              /* the plan does not work without what it refuses */
	double capacity;        /* NAN: unknown; INFINITY: no limit */
	enum observed refused; /* counts what was refused because it was full; OBSERVED: nothing does */
	/* What is used: the formulas of its rule, or one observation if it has none. */
	const struct rule_observed *observed; /* NULL: it has no rule */
	struct names *names;                  /* for the formulas */
	enum observed used;                   /* without a rule */
};

struct watched_limits {
	struct watched_limit *items;
	size_t count;
};

/* The limits as this host and plan have them, in the order of the rules. The situation and what it
 * points to must live as long as they do. */
struct watched_limits watched_limits_of(const struct situation *situation);

/* NULL: no such limit is watched. */
const struct watched_limit *watched_find(const struct watched_limits *limits, const char *id);

/* Can a new connection take over a port in TIME_WAIT? 0 no, 1 yes, 2 over loopback only. */
int watched_reuse(const struct facts *facts);

/* What is used of a limit at `now` (`before`: the sample before, for rates; NULL: there is none).
 * NAN: unknown. */
struct watched_use {
	double used, capacity, ratio;
	double own; /* the command's part of `used`; NAN: no formula says it */
};
struct watched_use watched_use(const struct watched_limit *limit,
		const struct observation *before,
		const struct observation *now);

/* How full it is at `now`. It is full when all there is is in use, and when it is nearly so and
 * something was refused since `before`. A queue that is full at one look may be empty at the next:
 * it takes two looks. */
enum present_state watched_state(const struct watched_limit *limit,
		const struct observation *before,
		const struct observation *now,
		double target);

#endif
