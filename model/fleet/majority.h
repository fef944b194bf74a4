/* Classes of hosts that are alike, and what sets a class apart from most hosts of its role. */
#ifndef HEADROOM_MODEL_FLEET_MAJORITY_H
#define HEADROOM_MODEL_FLEET_MAJORITY_H

#include "base/arena.h"
#include "model/fleet/fleet.h"

/* A fact that the rules of the plan read, or the status of a limit. */
struct fleet_trait {
	const char *key, *value;
};

/* A host as it is compared: two hosts are alike if they have the same role and all the same traits.
 */
struct fleet_member {
	enum fleet_role role;
	const struct fleet_trait *traits; /* sorted by key, each key once */
	size_t count;
};

/* One of the two is NULL where a side has no such trait. */
struct fleet_deviation {
	const char *key, *value, *most; /* most: of the majority */
};

struct fleet_class {
	const char *name; /* A, B … Z, AA: the largest first, of two as large the one seen first */
	enum fleet_role role;
	size_t first, count;                      /* first: the place of its first member */
	bool majority;                            /* the largest class of its role */
	const struct fleet_deviation *deviations; /* from the majority of its role */
	size_t deviation_count;
};

struct fleet_classes {
	struct fleet_class *items;
	size_t count;
	size_t *of; /* of each member: which class */
};

struct fleet_classes fleet_classes_of(struct arena *arena,
		const struct fleet_member *members,
		size_t count);

#endif
