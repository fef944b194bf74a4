/* k6's options from all sources, merged like k6 does: config file < script < K6_* < flags. A
 * duration, iterations, stages or scenarios in a later source replace those of earlier sources; vus
 * stay. */
#ifndef HEADROOM_PROBES_PLAN_K6_OPTIONS_H
#define HEADROOM_PROBES_PLAN_K6_OPTIONS_H

#include "probes/plan/script/value.h"
#include "probes/plan/tree.h"

/* An option whose value the script's text does not show. */
struct k6_unread {
	/* "vus", "scenarios.a.rate"; "" if even the names are not known. */
	const char *name;
	uint32_t line;
	const char *missing; /* the variable of __ENV that the value needs and that is not set; NULL:
	                        none */
};

struct k6_unread_list {
	struct k6_unread *items;
	size_t count, capacity;
};

/* Returns the options as k6 has them in JSON. Values that are not plain are left out and listed in
 * `unread`. */
const struct tree_node *k6_options_tree(struct arena *arena,
		const struct js_value *options,
		struct k6_unread_list *unread);

/* Merges `more` over `base`; either may be NULL. */
const struct tree_node *k6_options_apply(struct arena *arena,
		const struct tree_node *base,
		const struct tree_node *more);

/* Returns true if the option decides how many VUs there are. */
bool k6_option_is_load(const char *name);

/* Returns the value of a JSON document. */
struct js_value *k6_value_of_tree(struct js_world *world, const struct tree_node *node);

#endif
