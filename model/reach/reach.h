/* What a host can carry if no plan is given: typical loads now, and after those changes of this
 * host that raise each of them most. */
#ifndef HEADROOM_MODEL_REACH_REACH_H
#define HEADROOM_MODEL_REACH_REACH_H

#include "model/map/map.h"
#include "model/result.h"

enum {
	REACH_LOADS = 3
};

/* One change, and the safe load of each kind with it and the changes before it. */
struct reach_change {
	const struct fix *fix;
	double value; /* value for the target of its rule (change_apply) */
	struct load_point safe[REACH_LOADS];
};

struct reach {
	struct reach_change *changes;
	size_t change_count;
	struct load_point safe[REACH_LOADS];         /* with all changes; if there are none, of now */
	const struct limit_rule *binds[REACH_LOADS]; /* the limit then reached first; NULL: none */
	const struct map *map;                       /* map of the first load */
};

/* Finds all this for REACH_LOADS example plans, which must not be completed. false with err. */
bool reach_find(struct arena *arena,
		const struct rules *rules,
		const struct facts *facts,
		const struct loads *plans,
		const struct model_options *options,
		struct reach *ret_reach,
		struct error *err);

#endif
