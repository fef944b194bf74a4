/* Finds which loads of a plan use one instance of a limit together. */
#ifndef HEADROOM_MODEL_INSTANCE_JOINS_H
#define HEADROOM_MODEL_INSTANCE_JOINS_H

#include "base/list.h"
#include "model/instance/instance.h"

/* The loads that a limit concerns, and the instances of each of them. `loads` and `names` are
 * parallel arrays of `count` elements. */
struct joins;
struct joins *joins_new(const struct situation *situation,
		const struct limit_rule *rule,
		const struct load *const *loads,
		const struct name_list *names,
		size_t count);

/* Gives the instance that `load` calls `name`, with all loads that use it; `load` comes first. */
void joins_make(struct joins *joins,
		const struct load *load,
		const char *name,
		struct instance *ret_instance);

/* Returns the load as a member of the instance, or NULL if it does not use it. */
const struct member *joins_member(const struct instance *instance, const struct load *load);

/* Returns true if both loads get their ports in the same way. */
bool joins_are_of_one_kind(const struct load *a, const struct load *b);

#endif
