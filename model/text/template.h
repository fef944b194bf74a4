/* Texts of rules that contain names in braces. */
#ifndef HEADROOM_MODEL_TEMPLATE_H
#define HEADROOM_MODEL_TEMPLATE_H

#include "model/fact.h"

struct template_values {
	struct arena *arena;
	const struct facts *facts;
	const char *instance; /* facts of this instance are used before those of the host */
	const char *shown;    /* what {instance} stands for */
};

/* Fills in {FACT}, {instance} and {group:FACT}, the control group that the fact was read from.
 * Returns NULL if one of them is not known or `text` is NULL. The result lives in the arena. */
const char *template_fill(const struct template_values *values, const char *text);

#endif
