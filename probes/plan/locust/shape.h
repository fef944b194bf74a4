/* A LoadTestShape: a class that decides the number of users while Locust runs. Literal stages are
 * read; computed ones are not known. */
#ifndef HEADROOM_PROBES_PLAN_LOCUST_SHAPE_H
#define HEADROOM_PROBES_PLAN_LOCUST_SHAPE_H

#include "probes/plan/locust/script.h"

enum {
	SHAPE_STAGES_MAX = 300
};

struct locust_stage {
	double until_s; /* seconds since the start; NAN: not known */
	double users;
	double rate_per_s; /* NAN: not known */
};

struct locust_shape {
	const char *name, *where; /* NULL: there is no such class */
	bool known;               /* `peak` is valid */
	double peak;
	struct locust_stage *stages; /* count 0: the times are not known */
	size_t stage_count;
	const char *stages_at;
};

void locust_shape_read(struct locust_script *script, struct locust_shape *ret);

#endif
