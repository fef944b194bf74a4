/* k6's options from all their places, merged one by one as k6 does it: config file < script < K6_*
 * < flags. A duration, iterations, stages or scenarios in a later place replace those of the
 * earlier places, but vus stay. */
#ifndef HEADROOM_PROBES_PLAN_K6_OPTIONS_H
#define HEADROOM_PROBES_PLAN_K6_OPTIONS_H

#include "probes/plan/script/value.h"
#include "probes/plan/tree.h"

/* An option whose value the script's text does not say. */
struct k6_unread {
	const char
			*name; /* "vus", "scenarios.a.rate"; "" if it is not even known which ones there are */
	uint32_t line;
	const char *missing; /* the variable of __ENV that it is made of and that is not set, or NULL */
};

struct k6_unread_list {
	struct k6_unread *items;
	size_t count, capacity;
};

/* Options as k6 has them in JSON. What is not plain is left out and listed. */
const struct tree_node *k6_options_tree(struct arena *arena,
		const struct js_value *options,
		struct k6_unread_list *unread);

/* `more` put over `base`; either may be NULL. */
const struct tree_node *k6_options_apply(struct arena *arena,
		const struct tree_node *base,
		const struct tree_node *more);

/* Is it one of those that say how many VUs there are? */
bool k6_option_is_load(const char *name);

/* A JSON document's value. */
struct js_value *k6_value_of_tree(struct js_world *world, const struct tree_node *node);

#endif
