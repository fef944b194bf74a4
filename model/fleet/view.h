/* A plan as it looks from one end of its connections. */
#ifndef HEADROOM_MODEL_FLEET_VIEW_H
#define HEADROOM_MODEL_FLEET_VIEW_H

#include "model/fleet/fleet.h"
#include "model/load/loads.h"

/* What stands along the way. */
struct fleet_way_through {
	size_t proxies, servers; /* hosts */
};

/* The role that all loads of the plan have; FLEET_UNSAID: they differ. */
enum fleet_role fleet_plan_role(const struct loads *plan);

/* The whole plan as hosts of this role have it: what the connections are stays, and so does who
 * closes first; what is said of a program holds only at the end that it runs at. Not completed.
 * FLEET_UNSAID: the plan itself. False with err: a load lacks a number that the plan needs. */
bool fleet_view(struct arena *arena,
		const struct loads *plan,
		enum fleet_role role,
		const struct fleet_way_through *way,
		struct loads *ret_view,
		struct error *err);

#endif
