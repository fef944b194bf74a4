/* The texts of a fix with its values filled in: what to type now, how it stays, how to undo it. */
#ifndef HEADROOM_MODEL_TEXT_FIX_TEXT_H
#define HEADROOM_MODEL_TEXT_FIX_TEXT_H

#include "model/fact.h"
#include "model/rule.h"

struct fix_change {
	const struct fix_rule *rule;
	const struct facts *before, *after; /* the host as it is, and with the fix in place */
	double from, to;                    /* of the rule's target; from: NAN is not known */
};

struct fix_texts {
	const char *title, *command, *undo; /* NULL: the rule has none */
	const char **persistent;            /* pairs kind, text; NULL-terminated */
};

/* Replaces {from} {to} {range} {reserved} {reserve} {reserve_line} {old_range} {old_reserve} {high}
 * {target} {fact:KEY}. The texts live in the arena. */
struct fix_texts fix_texts_of(struct arena *arena, const struct fix_change *change);

#endif
