/* The texts of rules with the values of this host in place of what stands in braces. */
#ifndef HEADROOM_AUDIT_COMMAND_EXPLAIN_FILL_H
#define HEADROOM_AUDIT_COMMAND_EXPLAIN_FILL_H

#include "base/arena.h"
#include "model/fact.h"

struct explain_filling {
	struct arena *arena;
	const struct facts *facts; /* derived; NULL: what the host has does not matter */
	const char *target;        /* of a fix: the fact that {from} is; or NULL */
};

/* {KEY} and {fact:KEY} become the fact's value, {from} the one that the fix changes. A new value,
 * which only a plan gives, is N; any other that is not known is "…". No brace stays. */
const char *explain_fill(const struct explain_filling *filling, const char *text);

/* A known fact as people read it; NULL: it is not known. */
const char *explain_fact(struct arena *arena, const struct fact *fact);

#endif
