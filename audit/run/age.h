/* When the facts of a run were read, and how long ago. */
#ifndef HEADROOM_AUDIT_RUN_AGE_H
#define HEADROOM_AUDIT_RUN_AGE_H

#include "model/fact.h"
#include "probes/host/info.h"

/* Returns the time in RFC 3339 form that the facts state, or else that of the fact read first.
 * NULL: not known. */
const char *age_as_of(const struct facts *facts, const struct host_info *host);

/* Returns the seconds from `as_of` to `created`, both RFC 3339; NAN if one of them has another
 * form. */
double age_between(const char *as_of, const char *created);

#endif
