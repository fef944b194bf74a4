/* The limit of open files that a locustfile sets itself. */
#ifndef HEADROOM_PROBES_PLAN_LOCUST_LIMITS_H
#define HEADROOM_PROBES_PLAN_LOCUST_LIMITS_H

#include "probes/plan/locust/script.h"

struct locust_limit {
	const char *where;
	double soft, hard; /* INFINITY: the existing hard limit; NAN: not known */
};

/* Returns false if it sets none. */
bool locust_limit_read(struct locust_script *script, struct locust_limit *ret);

#endif
