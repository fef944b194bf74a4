/* The myths that come up for a plan. */
#ifndef HEADROOM_MODEL_ANSWER_MYTHS_H
#define HEADROOM_MODEL_ANSWER_MYTHS_H

#include "model/situation.h"

struct myth {
	const struct myth_rule *rule;
	const char *text; /* with the numbers of this host and plan */
};

struct myths {
	struct myth *items;
	size_t count;
};

/* In the order of the rules. What is the same for all loads is said once; else each load that it
 * comes up for is named. */
void myths_of(const struct situation *situation, struct myths *ret_myths);

#endif
