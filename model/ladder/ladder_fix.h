/* Describes a fix that helps as people see it: what changes and what to type for it. */
#ifndef HEADROOM_MODEL_LADDER_FIX_H
#define HEADROOM_MODEL_LADDER_FIX_H

#include "model/change.h"

/* The ladder while it is being built. */
struct climb {
	struct arena *arena;
	const struct limit_holder *holder;
	const struct facts *facts;       /* the facts of this host, unchanged */
	struct name_list engine_options; /* options that earlier steps gave the container */
	const struct rules *rules;
	const struct model_options *options;
	struct fix *fixes;
	size_t count, capacity;
	struct name_list stuck; /* ids of limits against which no further fix helps */
	struct fix first;       /* comes before the other fixes of its limit; rule NULL: none does */
};

/* The states before and after a fix that was tried. */
struct fix_trial {
	const struct state *before, *after;
	double from, to; /* values of the rule's target */
};

/* Fills in the texts, commands and changes of fix->rule. */
void ladder_fill_fix(struct climb *c, struct fix *fix, const struct fix_trial *trial);

#endif
