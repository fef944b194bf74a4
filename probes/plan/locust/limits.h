/* The limit of open files that a locustfile sets for itself. */
#ifndef HEADROOM_PROBES_PLAN_LOCUST_LIMITS_H
#define HEADROOM_PROBES_PLAN_LOCUST_LIMITS_H

#include "probes/plan/locust/script.h"

struct locust_limit {
	const char *where;
	double soft, hard; /* infinite: the hard limit that there is; NAN: not known */
};

/* False: it sets none. */
bool locust_limit_read(struct locust_script *script, struct locust_limit *ret);

#endif
