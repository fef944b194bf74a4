/* The texts of a fix with its values filled in: what to type now, how to make it permanent, how to
 * undo it. */
#ifndef HEADROOM_MODEL_TEXT_FIX_TEXT_H
#define HEADROOM_MODEL_TEXT_FIX_TEXT_H

#include "base/shell.h"
#include "model/fact.h"
#include "model/rule.h"

struct fix_change {
	const struct fix_rule *rule;
	const struct facts *before, *after; /* facts without and with the fix */
	double from, to;                    /* values of the rule's target; `from` NAN: not known */
	double each; /* the part that one process gets, shown as {each}; 0: {each} is the whole value */
};

struct fix_texts {
	const char *title;
	struct shell_script commands, undo_commands; /* empty: no command can do it */
	/* What to do by hand, instead of a command or in addition; NULL: nothing. */
	const char *say, *undo_say;
	const char *command, *undo; /* the commands as lines, or else a sentence; NULL: nothing */
	const char **persistent;    /* pairs of kind and text, NULL-terminated */
};

/* Replaces {from} {to} {each} {each_before} {range} {reserved} {reserve} {reserve_line} {old_range}
 * {old_reserve} {high} {target} {fact:KEY} and {was:KEY}, a fact before the fix. The texts live in
 * the arena. */
struct fix_texts fix_texts_of(struct arena *arena, const struct fix_change *change);

#endif
