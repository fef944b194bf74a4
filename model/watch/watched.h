/* The limits that can be watched while something runs: how much of each is used, and its capacity.
 * They come from rules with "observed", plus a few limits that plans are not judged by. */
#ifndef HEADROOM_MODEL_WATCH_WATCHED_H
#define HEADROOM_MODEL_WATCH_WATCHED_H

#include "model/names.h"
#include "model/result.h"
#include "model/watch/observation.h"

/* Whose limit it is: a listener's does not concern a client, a destination's does not concern a
 * server. */
enum watched_side {
	WATCHED_BY_ALL,
	WATCHED_BY_CLIENTS,
	WATCHED_BY_SERVERS
};

struct watched_limit {
	const char *id, *title; /* title: of a row */
	const char *phrase;     /* its name within a sentence */
	const char *unit;       /* a plural noun, "ports" */
	enum unit quantity;     /* the kind of its numbers */
	enum watched_side side; /* whose limit it is */
	bool processor;   /* processor time, which counts as full only if it was for half of the run */
	bool loses;       /* when it is full, connections fail or are dropped */
	enum scope scope; /* what its use belongs to: a destination, a listener, the host, … */
	bool hard;        /* the plan fails when this limit refuses something */
	double capacity;  /* NAN: unknown; INFINITY: no limit */
	enum observed refused; /* counts refusals because it was full; OBSERVED: no counter */
	/* How to get the use: by formulas of its rule or, without a rule, by one observation. */
	const struct rule_observed *observed; /* formulas; NULL: it has no rule */
	struct names *names;                  /* values of the names in these formulas */
	enum observed used;                   /* the observation, if it has no rule */
};

struct watched_limits {
	struct watched_limit *items;
	size_t count;
};

/* Returns the limits of this host and plan, in the order of the rules. The situation and what it
 * points to must live as long as they do. */
struct watched_limits watched_limits_of(const struct situation *situation);

/* Returns NULL if no such limit is watched. */
const struct watched_limit *watched_find(const struct watched_limits *limits, const char *id);

/* Returns whether a new connection can take over a port in TIME_WAIT: 0 no, 1 yes, 2 over loopback
 * only. */
int watched_reuse(const struct facts *facts);

/* The use of a limit at `now`. `before` is the previous sample, for rates; NULL: there is none.
 * NAN: unknown. */
struct watched_use {
	double used, capacity, ratio;
	double own; /* the command's part of `used`; NAN: not known */
};
struct watched_use watched_use(const struct watched_limit *limit,
		const struct observation *before,
		const struct observation *now);

/* Returns how full the limit is at `now`. It is full if its whole capacity is in use, or if it is
 * nearly full and something was refused since `before`. A queue must be full at two looks, because
 * it may empty between them. */
enum present_state watched_state(const struct watched_limit *limit,
		const struct observation *before,
		const struct observation *now,
		double target);

#endif
