/* What a host can carry where no plan is given: typical loads today, and after the changes of this
 * host that let each of them carry most. */
#ifndef HEADROOM_MODEL_REACH_REACH_H
#define HEADROOM_MODEL_REACH_REACH_H

#include "model/map/map.h"
#include "model/result.h"

enum {
	REACH_LOADS = 3
};

/* One change, and what each load may be with it and those before it. */
struct reach_change {
	const struct fix *fix;
	double value; /* that its rule's target gets (change_apply) */
	struct load_point safe[REACH_LOADS];
};

struct reach {
	struct reach_change *changes;
	size_t change_count;
	struct load_point
			safe[REACH_LOADS]; /* with all changes, or today's where there are no changes */
	const struct limit_rule *binds[REACH_LOADS]; /* the limit then reached first; NULL: none */
	const struct map *map;                       /* of the first load */
};

/* `plans`: REACH_LOADS of them, as given; each is an example of its kind. */
bool reach_find(struct arena *arena,
		const struct rules *rules,
		const struct facts *facts,
		const struct loads *plans,
		const struct model_options *options,
		struct reach *ret_reach,
		struct error *err);

#endif
