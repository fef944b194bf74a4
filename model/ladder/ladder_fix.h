/* A fix that helps, as people see it: what changes, and what to type for it. */
#ifndef HEADROOM_MODEL_LADDER_FIX_H
#define HEADROOM_MODEL_LADDER_FIX_H

#include "model/change.h"

/* What has been found so far. */
struct climb {
	struct arena *arena;
	const struct limit_holder *holder;
	const struct facts *facts;       /* of this host, unchanged */
	struct name_list engine_options; /* that the ladder's steps gave the container so far */
	const struct rules *rules;
	const struct model_options *options;
	struct fix *fixes;
	size_t count, capacity;
	struct name_list stuck; /* ids of limits that nothing more helps */
	struct fix first; /* comes before the other fixes of its limit; its rule is NULL if no fix comes
	                     first */
};

/* A fix that was tried. */
struct fix_trial {
	const struct state *before, *after;
	double from, to; /* of the rule's target */
};

/* Fills in the texts, the commands and the changes of fix->rule. */
void ladder_fill_fix(struct climb *c, struct fix *fix, const struct fix_trial *trial);

#endif
