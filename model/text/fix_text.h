/* The texts of a fix with its values filled in: what to type now, how it stays, how to undo it. */
#ifndef HEADROOM_MODEL_TEXT_FIX_TEXT_H
#define HEADROOM_MODEL_TEXT_FIX_TEXT_H

#include "base/shell.h"
#include "model/fact.h"
#include "model/rule.h"

struct fix_change {
	const struct fix_rule *rule;
	const struct facts *before, *after; /* the host unchanged, and with the fix in place */
	double from, to;                    /* of the rule's target; from: NAN is not known */
	double each; /* {each} is this part of it: what one process is told; 0: all of it */
};

struct fix_texts {
	const char *title;
	struct shell_script commands, undo_commands; /* empty: no command makes it */
	const char *say, *undo_say; /* what people do instead of a command, or as well; or NULL */
	const char *command, *undo; /* the commands as lines, else a sentence; NULL: nothing */
	const char **persistent;    /* pairs kind, text; NULL-terminated */
};

/* Replaces {from} {to} {each} {each_before} {range} {reserved} {reserve} {reserve_line} {old_range}
 * {old_reserve} {high} {target} {fact:KEY} and {was:KEY}, the fact before the fix. The texts live
 * in the arena. */
struct fix_texts fix_texts_of(struct arena *arena, const struct fix_change *change);

#endif
