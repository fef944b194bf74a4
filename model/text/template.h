/* Texts of rules with names in braces. */
#ifndef HEADROOM_MODEL_TEMPLATE_H
#define HEADROOM_MODEL_TEMPLATE_H

#include "model/fact.h"

struct template_values {
	struct arena *arena;
	const struct facts *facts;
	const char *instance; /* whose facts come before those of the host */
	const char *shown;    /* {instance} */
};

/* Fills in {FACT}, {instance} and {group:FACT}, the control group from which the fact was read.
 * NULL: one of them is not known, or there is no text. The result lives in the arena. */
const char *template_fill(const struct template_values *values, const char *text);

#endif
