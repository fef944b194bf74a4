/* A plan: the loads that run at the same time and start together. Each has its own destinations,
 * lifetime, closer and role; one scale multiplies them all. */
#ifndef HEADROOM_MODEL_LOAD_LOADS_H
#define HEADROOM_MODEL_LOAD_LOADS_H

#include "model/load/workload.h"

enum {
	LOADS_MAX = 16
};

struct loads {
	struct workload *items;
	size_t count;     /* at least 1 */
	const char *name; /* of the whole plan; NULL: made of its loads' names (loads_plan_name) */
	double peak_connections; /* most live connections at one time; loads_measure (courses.h) sets it
	                          */
};

/* Returns a plan with this load alone. */
static inline struct loads loads_of(struct workload *workload)
{
	return (struct loads){.items = workload, .count = 1};
}

/* Returns a copy whose loads may be changed. */
struct loads loads_copy(struct arena *arena, const struct loads *loads);

/* Calls workload_complete for one load; err names the load. */
bool loads_complete_one(struct arena *arena,
		struct loads *loads,
		size_t at,
		struct assumption **ret_assumptions,
		size_t *ret_count,
		struct error *err);
/* Returns the sum of the loads' highest rates of new connections per second. */
double loads_open_rate(const struct loads *loads);

/* Returns what people call a load: its name, else its tool, else its number ("load 2"). If two
 * loads share a name, the later one gets its number added. */
const char *loads_name(struct arena *arena, const struct loads *loads, size_t at);

/* Returns the names of all loads: "ws-client + http-churn". */
const char *loads_joined(struct arena *arena, const struct loads *loads);

/* Returns what people call the plan: its name, else the names of its loads ("ws-client +
 * http-churn"). NULL: one load without a name. */
const char *loads_plan_name(struct arena *arena, const struct loads *loads);

/* Returns the load that says into which groups the plan is divided, or NULL if none does. The
 * groups divide all loads alike, because one scale multiplies them all. */
const struct workload *loads_grouped(const struct loads *loads);

/* Returns false with err if two loads divide the plan into different groups. */
bool loads_check_groups(struct arena *arena, const struct loads *loads, struct error *err);

#endif
