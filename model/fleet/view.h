/* A plan as it looks from one end of its connections. */
#ifndef HEADROOM_MODEL_FLEET_VIEW_H
#define HEADROOM_MODEL_FLEET_VIEW_H

#include "model/fleet/fleet.h"
#include "model/load/loads.h"

/* What the connections pass through on their way. */
struct fleet_way_through {
	size_t proxies, servers; /* hosts */
};

/* The role that all loads of the plan have; FLEET_UNSAID: they differ. */
enum fleet_role fleet_plan_role(const struct loads *plan);

/* The whole plan as seen by hosts of this role. What the connections are and who closes first stay
 * the same; what the plan says about a program is kept only on the side that runs the program. The
 * result is not completed. For FLEET_UNSAID it is the plan itself. Returns false with err if a load
 * lacks a number that the plan needs. */
bool fleet_view(struct arena *arena,
		const struct loads *plan,
		enum fleet_role role,
		const struct fleet_way_through *way,
		struct loads *ret_view,
		struct error *err);

#endif
