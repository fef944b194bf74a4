/* The loads of a plan over time, side by side. */
#ifndef HEADROOM_MODEL_LOAD_COURSES_H
#define HEADROOM_MODEL_LOAD_COURSES_H

#include "model/load/grids.h"
#include "model/load/loads.h"
#include "model/load/together.h"

/* One load. The plan lasts until the longest load ends. */
struct load_course {
	size_t load;              /* its index in the plan */
	double end_s;             /* up: the upstream side of a proxy */
	struct timeline down, up; /* and the other side of a proxy */
};

/* The courses of all loads that open connections; there is at least one. */
struct courses {
	const struct load_course *items;
	size_t count;
	struct timeline together; /* all connections that clients open */
	struct grids grids;       /* what limits have computed about the courses */
};

struct courses *courses_new(struct arena *arena, const struct loads *loads);

/* Call once every load is complete. Returns false with err if no load opens a connection. */
bool loads_finish(struct arena *arena, struct loads *loads, struct error *err);

/* Completes and finishes the loads in one call, if nothing else has to be completed in between. */
bool loads_complete(struct arena *arena, struct loads *loads, struct error *err);

/* Sets peak_connections of a completed plan. */
void loads_measure(struct arena *arena, struct loads *loads);

#endif
