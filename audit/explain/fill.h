/* Replaces the names in braces in a rule's text by the values of this host. */
#ifndef HEADROOM_AUDIT_EXPLAIN_FILL_H
#define HEADROOM_AUDIT_EXPLAIN_FILL_H

#include "base/arena.h"
#include "model/fact.h"

struct explain_filling {
	struct arena *arena;
	const struct facts *facts; /* including derived ones; NULL: show no values of this host */
	const char *target;        /* for a fix: the fact that {from} stands for; NULL: none */
};

/* Replaces {KEY} and {fact:KEY} by the fact's value, and {from} by the value that the fix changes.
 * A new value depends on the plan and is shown as N; any other unknown value is shown as "…". The
 * result, in the arena, has no braces. */
const char *explain_fill(const struct explain_filling *filling, const char *text);

/* Returns the fact's value as text for people, in the arena, or NULL if it is not known. */
const char *explain_fact(struct arena *arena, const struct fact *fact);

#endif
