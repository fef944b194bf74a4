/* Describes facts that a formula needs and that are not known. */
#ifndef HEADROOM_MODEL_MISSING_H
#define HEADROOM_MODEL_MISSING_H

#include "model/situation.h"

/* Returns a clause: "net.netfilter.nf_conntrack_max is not visible (…)". */
const char *missing_text(const struct situation *s, const char *instance, const char *key);

/* Describes all of them; for an empty list, says that a number is not known. */
const char *missing_list(const struct situation *s,
		const char *instance,
		const struct name_list *missing);

#endif
