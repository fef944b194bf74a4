/* When the facts of a run were read, and how long ago that is. */
#ifndef HEADROOM_AUDIT_RUN_AGE_H
#define HEADROOM_AUDIT_RUN_AGE_H

#include "model/fact.h"
#include "probes/host/info.h"

/* RFC 3339: what the facts say themselves, else the time of the one that was read first. NULL: they
 * do not say. */
const char *age_as_of(const struct facts *facts, const struct host_info *host);

/* Seconds from `as_of` to `created`, both RFC 3339; NAN where one of them is no such time. */
double age_between(const char *as_of, const char *created);

#endif
