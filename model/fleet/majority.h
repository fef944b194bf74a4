/* Groups hosts that are alike into classes, and tells how a class differs from most hosts of its
 * role. */
#ifndef HEADROOM_MODEL_FLEET_MAJORITY_H
#define HEADROOM_MODEL_FLEET_MAJORITY_H

#include "base/arena.h"
#include "model/fleet/fleet.h"

/* A fact that the rules of the plan read, or the status of a limit. */
struct fleet_trait {
	const char *key, *value;
};

/* A host to compare. Two hosts are alike if they have the same role and the same traits. */
struct fleet_member {
	enum fleet_role role;
	const struct fleet_trait *traits; /* sorted by key, each key once */
	size_t count;
};

/* A trait in which a class differs from the majority. `value` or `most` is NULL if that side has no
 * such trait. */
struct fleet_deviation {
	const char *key, *value, *most; /* most: the value of the majority */
};

struct fleet_class {
	const char *name; /* A, B … Z, AA, by size; of two equally large classes the one seen first */
	enum fleet_role role;
	size_t first, count;                      /* first: the index of its first member */
	bool majority;                            /* the largest class of its role */
	const struct fleet_deviation *deviations; /* from the majority of its role */
	size_t deviation_count;
};

struct fleet_classes {
	struct fleet_class *items;
	size_t count;
	size_t *of; /* the class of each member, as an index into items */
};

struct fleet_classes fleet_classes_of(struct arena *arena,
		const struct fleet_member *members,
		size_t count);

#endif
