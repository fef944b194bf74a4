/* What hosts are compared by: the settings that the plan's rules read, and the status of each
 * limit. Hosts with the same traits share one set. */
#ifndef HEADROOM_AUDIT_FLEET_TRAITS_H
#define HEADROOM_AUDIT_FLEET_TRAITS_H

#include "audit/run/pipeline.h"
#include "model/fleet/majority.h"
#include "model/fleet/path.h"

/* The hosts of one class, while they are judged one by one. */
struct trait_set {
	struct fleet_member member;
	const char *digest;
	size_t hosts;
	double use;              /* use of the host whose audit is kept: the highest so far */
	char *audit;             /* its audit document as JSON, from malloc; NULL: not kept */
	struct path_reach after; /* of that host, with its fixes; only if there is an audit */
	bool fails;
};

struct trait_sets {
	struct arena *arena; /* arena of the fleet */
	struct trait_set **items;
	size_t count, capacity;
	struct trait_set **slots;
	size_t slot_count;
	const char **texts; /* every text is stored once */
	size_t text_count, text_slots;
};

struct trait_sets *trait_sets_new(struct arena *arena);
void trait_sets_free(struct trait_sets *sets);

/* Returns the set of a judged host, created if it is new. */
struct trait_set *trait_sets_of(struct trait_sets *sets,
		const struct result *result,
		enum fleet_role role);

/* Present use: numbers in facts that change by themselves, sorted by key. */
struct present_use {
	const char *key;
	enum unit unit;
	double value;
};
size_t traits_present(struct trait_sets *sets,
		const struct result *result,
		struct present_use **ret,
		struct arena *arena);

#endif
