/* Shows a plan from one end of its connections. */
#ifndef HEADROOM_MODEL_FLEET_VIEW_H
#define HEADROOM_MODEL_FLEET_VIEW_H

#include "model/fleet/fleet.h"
#include "model/load/loads.h"

/* The number of hosts that the connections pass through or end at. */
struct fleet_way_through {
	size_t proxies, servers; /* number of hosts */
};

/* Returns the role that all loads of the plan share, or FLEET_UNSAID if they differ. */
enum fleet_role fleet_plan_role(const struct loads *plan);

/* Gives the whole plan as hosts of this role see it, not completed. The connections and who closes
 * them first stay the same; statements about a program stay only on the side that runs it. For
 * FLEET_UNSAID it is the plan itself. Returns false with err if a load lacks a number. */
bool fleet_view(struct arena *arena,
		const struct loads *plan,
		enum fleet_role role,
		const struct fleet_way_through *way,
		struct loads *ret_view,
		struct error *err);

#endif
