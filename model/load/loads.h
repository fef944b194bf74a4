/* A plan: the loads that run at the same time, from the same second on. Each has its own
 * destinations, lifetime, closer and role; one scale multiplies them all. */
#ifndef HEADROOM_MODEL_LOAD_LOADS_H
#define HEADROOM_MODEL_LOAD_LOADS_H

#include "model/load/workload.h"

enum {
	LOADS_MAX = 16
};

struct loads {
	struct workload *items;
	size_t count;            /* at least 1 */
	const char *name;        /* of the plan as a whole; NULL: that of its loads (loads_plan_name) */
	double peak_connections; /* most that are live at one time; set by loads_measure (courses.h) */
};

/* The plan that has this load alone. */
static inline struct loads loads_of(struct workload *workload)
{
	return (struct loads){.items = workload, .count = 1};
}

/* A copy whose loads may be changed. */
struct loads loads_copy(struct arena *arena, const struct loads *loads);

/* workload_complete for one of them; err names it. */
bool loads_complete_one(struct arena *arena,
		struct loads *loads,
		size_t at,
		struct assumption **ret_assumptions,
		size_t *ret_count,
		struct error *err);
/* New connections per second of all loads, at their highest. */
double loads_open_rate(const struct loads *loads);

/* What people call a load: its name, else its tool, else its number ("load 2"). Of two with one
 * name the later one has its number as well. */
const char *loads_name(struct arena *arena, const struct loads *loads, size_t at);

/* The names of all loads: "ws-client + http-churn". */
const char *loads_joined(struct arena *arena, const struct loads *loads);

/* What people call the plan: its own name, else those of its loads ("ws-client + http-churn").
 * NULL: it is one load without a name. */
const char *loads_plan_name(struct arena *arena, const struct loads *loads);

/* The load that says into which groups the plan is divided; NULL if no load says so. The groups
 * divide all loads of a plan alike, because one scale multiplies them all. */
const struct workload *loads_grouped(const struct loads *loads);

/* Two loads must not divide the plan in different ways. */
bool loads_check_groups(struct arena *arena, const struct loads *loads, struct error *err);

#endif
