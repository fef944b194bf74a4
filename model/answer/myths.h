/* Chooses the myths that concern a plan. */
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

/* Lists the myths in the order of the rules. A text that is the same for all loads is given once;
 * otherwise each load that it applies to is named. */
void myths_of(const struct situation *situation, struct myths *ret_myths);

#endif
